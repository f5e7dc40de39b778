/** Key words that PostgreSQL reserves (appendix C of its manual): as names they only work quoted. */
export const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently
constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default
deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect
into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps
placing primary references returning right select session_user similar some symmetric system_user table tablesample then to trailing true
union unique user using variadic verbose when where window with`.split(/\s+/),
);

/** Types that PostgreSQL has under the same name, without what stands in parentheses. */
export const KNOWN_TYPES = new Set(
  `bigint bigserial bit boolean bool bytea char character cidr date decimal float float4 float8 inet int int2 int4 int8 integer interval
json jsonb macaddr money numeric real serial smallint text time timestamp timestamptz uuid varchar xml`.split(/\s+/),
);
