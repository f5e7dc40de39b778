-- Wallet addresses, encrypted (S4-65, S4-66, C-37): pgp_sym_encrypt gives something new each time, so that a keyed hash
-- stands beside it for UNIQUE and lookups. Keys are never in the database; wallet_key_id names the one of a row.
ALTER TABLE users
  ADD COLUMN wallet_address_encrypted BYTEA,
  ADD COLUMN wallet_address_hash BYTEA UNIQUE,
  ADD COLUMN wallet_key_id TEXT;

-- The backfill looks for these rows (wallet_address_encrypted IS NULL) in the order of their ids.
CREATE INDEX idx_users_wallet_plain ON users (id) WHERE wallet_address_encrypted IS NULL;

-- Whoever changes an address without its encrypted form leaves a row that the backfill encrypts again, not one that
-- decrypts to another wallet.
CREATE FUNCTION ladder.forget_encrypted_wallet() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.wallet_address_encrypted IS NOT DISTINCT FROM OLD.wallet_address_encrypted
    OR NEW.wallet_address_hash IS NOT DISTINCT FROM OLD.wallet_address_hash
  THEN
    NEW.wallet_address_encrypted := NULL;
    NEW.wallet_address_hash := NULL;
    NEW.wallet_key_id := NULL;
  END IF;
  RETURN NEW;
END $$;

-- The condition makes the trigger depend on wallet_address: who drops the column is told of it.
CREATE TRIGGER users_wallet_changed BEFORE UPDATE ON users
  FOR EACH ROW WHEN (OLD.wallet_address IS DISTINCT FROM NEW.wallet_address)
  EXECUTE FUNCTION ladder.forget_encrypted_wallet();

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ladder FROM PUBLIC;
