# Files what the mail filter marked as spam into Junk.  It runs before the
# scripts of the users, which do not see that mail.
#
# `mailadm config render` makes this file; `sievec` compiles it.
require ["fileinto", "mailbox"];

if header :is "X-Spam" "Yes" {
    fileinto :create "Junk";
    stop;
}
