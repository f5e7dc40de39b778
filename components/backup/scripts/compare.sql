-- What was restored, beside what was dumped.
\encoding UTF8
CREATE TABLE restored (LIKE expected INCLUDING ALL);
\copy restored FROM contents

CREATE VIEW differences AS
SELECT what, name, CASE
    WHEN r.what IS NULL THEN format('%s %s is missing', what, name)
    WHEN e.what IS NULL THEN format('%s %s was not in the database', what, name)
    WHEN e.number IS DISTINCT FROM r.number THEN format('%s %s: %s dumped, %s restored', what, name, e.number, coalesce(r.number, 0))
    ELSE format('%s %s: other contents', what, name)
  END AS difference
FROM (SELECT * FROM expected WHERE what IN ('table', 'sequence', 'objects', 'large-objects')) AS e
FULL JOIN restored AS r USING (what, name)
WHERE (e.what IS NULL) <> (r.what IS NULL)
  OR e.checksum IS DISTINCT FROM r.checksum
  OR CASE
    WHEN what <> 'sequence' THEN e.number IS DISTINCT FROM r.number
    -- A sequence that was used while the dump ran has gone on.
    WHEN e.number IS NULL THEN false
    ELSE (sign(e.checksum::numeric) * (r.number - e.number) >= 0) IS NOT TRUE
  END;

CREATE OR REPLACE VIEW problems AS
SELECT format('is not equal: %s%s', min(difference), CASE WHEN count(*) > 1 THEN format(' (and %s more)', count(*) - 1) END) AS problem
FROM differences HAVING count(*) > 0;

CREATE VIEW equal AS
SELECT format('%s tables, %s rows', count(*), coalesce(sum(number), 0)) AS summary FROM restored WHERE what = 'table';
