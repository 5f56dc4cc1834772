-- Signs by the sender, which Postfix has checked against the login, and only
-- where the one header From: has the same domain: nobody has checked that.
-- Mail without a sender is not signed, and what is not ours is only checked.
--
-- `mailadm config render` makes this file.
local sender = odkim.get_envfrom(ctx) or ""
local domain = string.lower(string.match(sender, "@([^>]*)") or "")
local from = string.lower(odkim.get_fromdomain(ctx) or "")
local ours = odkim.internal_ip(ctx) == 1 or
    odkim.get_mtasymbol(ctx, "{auth_type}") ~= nil

if not ours then
	odkim.verify(ctx)
elseif domain ~= "" and domain == from and
    odkim.get_header(ctx, "From", 1) == nil then
	odkim.signfor(ctx, "x@" .. domain, true)
else
	odkim.set_result(ctx, SMFIS_ACCEPT)
end
return nil
