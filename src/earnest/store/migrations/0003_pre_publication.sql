-- Who published which terms, and who put them on sale: an act with a key, a person and an instant.
--
-- The text itself is in earnest.terms_version, whose body carries the document as it was written.

CREATE TABLE earnest.publication (
    actor text COLLATE "C" NOT NULL CHECK (actor <> ''),
    key text COLLATE "C" NOT NULL CHECK (key <> ''),
    content_hash text COLLATE "C" NOT NULL CHECK (content_hash <> ''),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('terms', 'offer')),
    terms_hash text COLLATE "C" NOT NULL REFERENCES earnest.terms_version,
    queue_id text COLLATE "C",
    opens_at timestamptz,
    findings json NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (actor, key),
    FOREIGN KEY (queue_id, opens_at) REFERENCES earnest.offer,
    CONSTRAINT publication_of_an_offer_names_it CHECK (
        (kind = 'offer') = (queue_id IS NOT NULL) AND (kind = 'offer') = (opens_at IS NOT NULL)
    )
);
COMMENT ON TABLE earnest.publication IS
    'What somebody published, once per key: terms with what the linter said then, or an offer. Append-only.';

CREATE INDEX publication_by_terms ON earnest.publication (terms_hash);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON earnest.publication
    FOR EACH STATEMENT EXECUTE FUNCTION earnest.refuse_change();
ALTER TABLE earnest.publication ENABLE ALWAYS TRIGGER append_only;
