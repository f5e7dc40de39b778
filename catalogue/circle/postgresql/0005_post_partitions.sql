-- One partition a year from 2024 on, two years ahead, and a default one (S4-06, S4-07, C-15). ladder.maintain_partitions()
-- makes the later ones; they take indexes, foreign keys, triggers and row security over from posts.
\ir ../../shared/postgresql/partitions.sql

SELECT ladder.partition_table('posts', 'year', '2024-01-01', 2);
