-- "Task" by month of its creation (S3-19 to S3-22). The documents tell of status, "completedAt" and the column of the
-- creation (S3-43); every other column is our assumption (C-14), named as the application's ORM names them.
-- IF NOT EXISTS lets a table that is partitioned already be adopted. All times are UTC (C-20).
CREATE TABLE IF NOT EXISTS "Task" (
  "id" TEXT NOT NULL,
  "userId" TEXT,
  "title" TEXT NOT NULL,
  "description" TEXT,
  "status" TEXT NOT NULL DEFAULT 'PENDING',
  "createdAt" TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  "updatedAt" TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC'),
  "completedAt" TIMESTAMP,
  -- A key of a partitioned table holds the column that it is partitioned by.
  PRIMARY KEY ("id", "createdAt")
) PARTITION BY RANGE ("createdAt");

SELECT ladder.partition_table('"Task"', 'month', '2025-01-01', 3);
