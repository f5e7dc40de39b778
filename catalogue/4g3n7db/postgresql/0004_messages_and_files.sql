-- The documents name "File" with its Base64 column "data", and messages (S3-02, S3-28, S3-47); every other column is our
-- assumption (C-14). IF NOT EXISTS lets tables that the application already made be adopted.
CREATE TABLE IF NOT EXISTS "Message" (
  "id" TEXT PRIMARY KEY,
  "taskId" TEXT,
  "userId" TEXT,
  "content" TEXT NOT NULL,
  "createdAt" TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);

CREATE TABLE IF NOT EXISTS "File" (
  "id" TEXT PRIMARY KEY,
  "name" TEXT NOT NULL,
  "mimeType" TEXT,
  -- Base64. Empty once the contents are elsewhere, until the column goes.
  "data" TEXT,
  "createdAt" TIMESTAMP NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')
);
