-- Signing in: an e-mail address is a third kind of what somebody proves.
--
-- It is kept like a telephone, as a digest under a key that is not in the database.

ALTER TABLE people.identity DROP CONSTRAINT identity_kind_check;
ALTER TABLE people.identity ADD CONSTRAINT identity_kind_check
    CHECK (kind IN ('phone', 'identity_number', 'email'));

CREATE INDEX buyer_by_email ON people.buyer (lower(email)) WHERE email IS NOT NULL;
