-- When a name was last written, from a key alone.
--
-- `mailadm check` asks it for every row; the old key, of the name
-- only, made that a look at each row of the history.  Names still stand
-- first in it, for `mailadm history NAME`.

ALTER TABLE `history`
	ADD KEY IF NOT EXISTS name_kind_at (name, kind, at),
	DROP KEY IF EXISTS name;
