-- Finding the other accounts of one person, which a reservation with a friend's code asks for.

CREATE INDEX proof_by_identity ON people.proof (identity_id);
