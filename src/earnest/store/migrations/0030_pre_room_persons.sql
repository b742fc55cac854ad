-- One person has one entry in a waiting room whose edition limits what one person may hold.

ALTER TABLE earnest.waiting_place ADD COLUMN person text COLLATE "C" CHECK (person <> '');
COMMENT ON COLUMN earnest.waiting_place.person IS
    'Who the buyer is to the queue: a digest that means nothing outside it. Empty where nothing limits what one person may hold.';

CREATE UNIQUE INDEX waiting_place_of_person ON earnest.waiting_place (launch, person) WHERE person IS NOT NULL;
