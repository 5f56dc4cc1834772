# The lookups that Postfix and Dovecot send, out of the shipped fragments.
# shellcheck shell=sh
#
#   lookup_names              a line for each: FILE:SETTING
#   lookup_query NAME KEY     the query as it is sent for that key, one line
#
# iterate_query is none of them: it lists everybody, for doveadm -A.

lookup_names() {
	for lookup_file in postfix/sql_*.cf; do
		echo "$lookup_file:query"
	done
	echo postfix/way_secrets.cf:query
	for lookup_setting in password_query user_query; do
		echo "dovecot/2.3/mailadm-sql.conf.ext:$lookup_setting"
	done
	echo dovecot/2.3/mailadm-sql-names.conf.ext:user_query
}

# In Postfix's files a line that begins with a blank continues the one
# before; in Dovecot's one that ends with a backslash goes on.
lookup_template() {
	awk -v setting="${1#*:}" '
	/^#/ || /^@(if|end)/ { next }
	$1 == setting && $2 == "=" { on = 1; sub(/^[^=]*= */, "") }
	/^[^ \t]/ && !/^(SELECT|WITH)|^\\/ { on = 0 }
	!on { next }
	{
		more = sub(/\\$/, "")
		gsub(/^[ \t]+|[ \t]+$/, "")
		text = text (text == "" ? "" : " ") $0
		if (!more && FILENAME ~ /ext$/) { print text; exit }
	}
	END { if (FILENAME !~ /ext$/) print text }' "${1%:*}"
}

# For Postfix %s is the whole key, for Dovecot %u, and %s the service; domains
# are asked for by their name.
lookup_query() {
	lookup_text=$(lookup_template "$1")
	lookup_key=$2
	case $1 in
	*_domains.cf:*)
		[ "$1" = postfix/sql_alias_domains.cf:query ] ||
			lookup_key=${2#*@} ;;
	dovecot/*)
		lookup_service=imap
		[ "${1##*-}" != names.conf.ext:user_query ] ||
			lookup_service=quota-status
		lookup_text=$(echo "$lookup_text" | sed "s/%u/$2/g
			s/%s/$lookup_service/g
			s/^SET STATEMENT [a-z_]* = [0-9]* FOR //") ;;
	esac
	echo "$lookup_text" | sed "s/%s/$lookup_key/g
		s/%u/${2%%@*}/g; s/%d/${2#*@}/g"
}
