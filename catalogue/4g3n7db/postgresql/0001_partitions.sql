\ir ../../shared/postgresql/partitions.sql
