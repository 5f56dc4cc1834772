# Prints C source with a table of text files: awk -f embed.awk TABLE FILE...
#
# A file is called there as it is here, but for src/ in front.
#
# A string literal a line keeps the result readable and the same everywhere;
# ld and objcopy would want an architecture, xxd is not in every system.  A
# question mark is escaped because C17 still has trigraphs.  In front of what
# is no & or \, mawk takes two backslashes for one, and gawk does not.
BEGIN {
	table = ARGV[1]
	ARGV[1] = ""
	print "/* Made by embed.awk; edit the files that it names. */"
	print "#include \"base/embed.h\"\n"
	print "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
	for (i = 2; i < ARGC; i++)
		emit(ARGV[i])
	print "const struct embedded " table "[] = {"
	for (i = 2; i < ARGC; i++)
		printf "\t{ \"%s\", text%d, sizeof(text%d) - 1 },\n", \
		    name(ARGV[i]), i, i
	print "\t{ 0 }"
	print "};"
	exit status
}

function name(path)
{
	sub(/^src\//, "", path)
	return path
}

function emit(path, line, got)
{
	printf "/* %s */\nstatic const char text%d[] =\n\"\"\n", path, i
	while ((got = (getline line < path)) > 0) {
		gsub(/[\\"?]/, "\\\\&", line)
		gsub(/\t/, "\\t", line)
		gsub(/\r/, "\\r", line)
		printf "\"%s\\n\"\n", line
	}
	if (got < 0) {
		print "embed.awk: cannot read " path >"/dev/stderr"
		status = 1
	}
	close(path)
	print ";\n"
}
