-- One telephone is one person, however it was written when it was proven.

ALTER TABLE people.identity ADD COLUMN same_as text COLLATE "C" REFERENCES people.identity,
    ADD CONSTRAINT identity_is_not_the_same_as_itself CHECK (same_as <> identity_id);
COMMENT ON COLUMN people.identity.same_as IS
    'The identity whose person this one is: known once a telephone was proven that had been proven before in another way of writing. A digest does not tell, so until then both stand.';

CREATE INDEX identity_same_as ON people.identity (same_as) WHERE same_as IS NOT NULL;
