-- One replication slot for each replica, so that the primary keeps the WAL that it has not read yet; psql variable `replicas`.
-- A slot of a replica that is no more would hold WAL back; a lost one holds none and would let no replica connect.
SELECT pg_drop_replication_slot(slot_name)
FROM pg_replication_slots
WHERE slot_type = 'physical' AND slot_name LIKE 'replica\_%' AND NOT active
  AND (wal_status = 'lost' OR slot_name <> ALL (string_to_array(:'replicas', ' ')));

SELECT pg_create_physical_replication_slot(name, true)
FROM unnest(string_to_array(:'replicas', ' ')) AS name
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = name);
