-- Phase 1 of moving file contents out of the database (S3-03 to S3-05, C-28): where each file is.
ALTER TABLE "File" ADD COLUMN IF NOT EXISTS "filePath" TEXT;
ALTER TABLE "File" ADD COLUMN IF NOT EXISTS "storageType" VARCHAR(20) DEFAULT 'database';
-- Ours: SHA-256 of the decoded contents, hex, noted when they moved, so that they can be compared before "data" goes.
ALTER TABLE "File" ADD COLUMN IF NOT EXISTS "contentSha256" TEXT;

ALTER TABLE "File"
  ADD CONSTRAINT "File_storageType_check" CHECK ("storageType" IN ('database', 'local', 's3', 'azure', 'gcs')),
  ADD CONSTRAINT "File_contentSha256_check" CHECK ("contentSha256" ~ '^[0-9a-f]{64}$');

-- What is still to be moved, and whether anything is.
CREATE INDEX IF NOT EXISTS "File_in_database_idx" ON "File" ("id") WHERE "storageType" = 'database';
