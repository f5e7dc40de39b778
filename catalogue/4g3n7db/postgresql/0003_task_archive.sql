-- Completed tasks older than 90 days move from "Task" to task_archive (S3-42, S3-43), which keeps them forever (C-39).
-- The key lets no task be there twice.
CREATE TABLE IF NOT EXISTS task_archive (
  LIKE "Task",
  PRIMARY KEY ("id", "createdAt")
);

-- The tasks that are due, in the order in which the batches go through them. Open tasks cost it nothing.
CREATE INDEX IF NOT EXISTS "Task_completed_idx" ON "Task" ("completedAt", "id", "createdAt") WHERE "status" = 'COMPLETED';

-- A task that was completed before this moment is due.
CREATE FUNCTION ladder.archive_before() RETURNS timestamp
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
RETURN (now() AT TIME ZONE 'UTC') - interval '90 days';

-- How far a run has come: the last task that it looked at. The id is a text here whatever its type is.
CREATE TYPE ladder.archive_position AS (completed_at timestamp, id text, created_at timestamp);

-- Moves the next tasks, at most batch_size, that were completed before `before`; gives the position after them, or NULL
-- when there was none. One statement takes a task out and keeps it, so that it is in exactly one table however a run
-- ends. One that somebody holds is left to the next run; one that was put back into "Task" replaces its older copy.
CREATE FUNCTION ladder.archive_batch(before timestamp, batch_size int, since ladder.archive_position)
RETURNS ladder.archive_position
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
-- A batch takes its tasks from the indexes in order, whatever the statistics say just now: any other plan reads and
-- sorts everything that is due once for each batch.
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
  id_type text := (SELECT format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = 'public."Task"'::regclass AND attname = 'id');
  columns text;
  replaced text;
  partitions regclass[];
  places tid[];
  partition regclass;
  rows_of tid[];
  last ladder.archive_position;
BEGIN
  EXECUTE format($sql$
    WITH due AS MATERIALIZED (
      SELECT tableoid, ctid, "completedAt", "id", "createdAt" FROM public."Task"
      WHERE "status" = 'COMPLETED' AND "completedAt" < $1
        AND ($2 IS NULL OR ("completedAt", "id", "createdAt") > ($2, $3::%s, $4))
      ORDER BY "completedAt", "id", "createdAt" LIMIT $5 FOR UPDATE SKIP LOCKED
    )
    SELECT array_agg(tableoid), array_agg(ctid), (array_agg("completedAt"))[count(*)],
      (array_agg("id"::text))[count(*)], (array_agg("createdAt"))[count(*)] FROM due
  $sql$, id_type)
  INTO partitions, places, last.completed_at, last.id, last.created_at
  USING before, since.completed_at, since.id, since.created_at, batch_size;
  -- Read each time: a later migration may add a column, which then has to be in both tables.
  SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum), string_agg(format('excluded.%I', attname), ', ' ORDER BY attnum)
  INTO columns, replaced FROM pg_attribute
  WHERE attrelid = 'public."Task"'::regclass AND attnum > 0 AND NOT attisdropped;
  FOR partition, rows_of IN
    SELECT p, array_agg(place) FROM unnest(partitions, places) AS due (p, place) GROUP BY p
  LOOP
    EXECUTE format($sql$
      WITH gone AS (DELETE FROM %1$s WHERE ctid = ANY ($1) RETURNING %2$s)
      INSERT INTO public.task_archive (%2$s) SELECT %2$s FROM gone
      ON CONFLICT ("id", "createdAt") DO UPDATE SET (%2$s) = ROW (%3$s)
    $sql$, partition, columns, replaced) USING rows_of;
  END LOOP;
  RETURN last;
END $$;

-- The documented function, which the schedule calls (S3-44): all of it in one transaction. It runs with the rights of its
-- caller: who has none on schema ladder, as the application, gets no further, whatever functions it may execute.
CREATE OR REPLACE FUNCTION public.archive_old_tasks() RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before CONSTANT timestamp := ladder.archive_before();
  last ladder.archive_position;
BEGIN
  LOOP
    last := ladder.archive_batch(before, 1000, last);
    EXIT WHEN last IS NULL;
  END LOOP;
END $$;

-- The same with a COMMIT after each batch, for a large backlog: what is moved stays moved, and nobody waits for longer
-- than one batch takes. The pause after each leaves the disk and the processors to others.
CREATE OR REPLACE PROCEDURE public.archive_old_tasks_in_batches(batch_size int DEFAULT 1000, pause interval DEFAULT '0')
LANGUAGE plpgsql AS $$
DECLARE
  before CONSTANT timestamp := ladder.archive_before();
  last ladder.archive_position;
BEGIN
  IF batch_size IS NULL OR batch_size NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'batch_size is %: it has to be from 1 to 100000', coalesce(batch_size::text, 'NULL')
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  LOOP
    last := ladder.archive_batch(before, batch_size, last);
    EXIT WHEN last IS NULL;
    COMMIT;
    PERFORM pg_catalog.pg_sleep_for(pause);
  END LOOP;
END $$;

REVOKE ALL ON FUNCTION ladder.archive_before(), public.archive_old_tasks() FROM PUBLIC;
REVOKE ALL ON FUNCTION ladder.archive_batch(timestamp, int, ladder.archive_position) FROM PUBLIC;
REVOKE ALL ON PROCEDURE public.archive_old_tasks_in_batches(int, interval) FROM PUBLIC;
