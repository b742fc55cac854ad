-- name: commit_seed
-- Opens a waiting room under the digest of its seed; the first commitment stays.
INSERT INTO earnest.waiting_room (launch, commitment, committed_at)
VALUES (%(launch)s, %(commitment)s, %(committed_at)s)
ON CONFLICT DO NOTHING;

-- name: rooms
-- Reads the counters and the draw of every waiting room.
SELECT launch, commitment, committed_at, closed_at, entries, entries_digest, revealed_at, seed,
    public_value, numbers, slots, free_from
FROM earnest.waiting_room
ORDER BY launch;

-- name: lock_rooms
-- Locks the waiting rooms of a group in the order of their names, so that no two groups wait
-- for each other.
SELECT launch, commitment, committed_at, closed_at, entries, entries_digest, revealed_at, seed,
    public_value, numbers, slots, free_from
FROM earnest.waiting_room
WHERE launch = ANY(%(launches)s::text[])
ORDER BY launch
FOR UPDATE;

-- name: places_of_buyers
-- Reads the places that the buyers of a group have already.
SELECT place.launch, place.buyer_id, entry, number, joined_at, slot, let_in_at, drawn_slot, person
FROM earnest.waiting_place AS place
JOIN unnest(%(buyer_ids)s::text[], %(launches)s::text[]) AS asked (buyer_id, launch)
    ON place.buyer_id = asked.buyer_id AND place.launch = asked.launch;

-- name: buyers_of_people
-- Reads the accounts with which people of a group have joined already.
SELECT launch, place.person, buyer_id
FROM earnest.waiting_place AS place
JOIN unnest(%(launches)s::text[], %(people)s::text[]) AS asked (launch, person)
    USING (launch, person);

-- name: places_without_slot
-- Reads everybody whom the draw has still to place, by number.
SELECT launch, buyer_id, entry, number, joined_at, slot, let_in_at, drawn_slot, person
FROM earnest.waiting_place
WHERE launch = %(launch)s AND slot IS NULL
ORDER BY number;

-- name: places_after
-- Reads a page of the places of a launch by number, for the snapshot and for the draw document.
SELECT launch, buyer_id, entry, number, joined_at, slot, let_in_at, drawn_slot, person
FROM earnest.waiting_place
WHERE launch = %(launch)s AND number > %(number)s
ORDER BY number
LIMIT %(limit)s;

-- name: put_room
-- Writes the counters and the draw of a waiting room that is locked.
UPDATE earnest.waiting_room
SET closed_at = %(closed_at)s, entries = %(entries)s, entries_digest = %(entries_digest)s,
    revealed_at = %(revealed_at)s, seed = %(seed)s, public_value = %(public_value)s,
    numbers = %(numbers)s, slots = %(slots)s, free_from = %(free_from)s
WHERE launch = %(launch)s;

-- name: put_places
-- Writes the new and the changed places of a group.
INSERT INTO earnest.waiting_place
    (buyer_id, launch, entry, number, joined_at, slot, let_in_at, drawn_slot, person)
SELECT *
FROM unnest(
    %(buyer_ids)s::text[], %(launches)s::text[], %(entries)s::text[], %(numbers)s::bigint[],
    %(joined)s::timestamptz[], %(slots)s::bigint[], %(let_in)s::timestamptz[],
    %(drawn_slots)s::bigint[], %(people)s::text[]
)
ON CONFLICT (buyer_id, launch) DO UPDATE
SET entry = excluded.entry, number = excluded.number, joined_at = excluded.joined_at,
    slot = excluded.slot, let_in_at = excluded.let_in_at,
    drawn_slot = excluded.drawn_slot, person = excluded.person;

-- name: drawn_entries
-- Reads the entries of a draw in the order in which they were drawn.
SELECT entry
FROM earnest.waiting_place
WHERE launch = %(launch)s AND drawn_slot IS NOT NULL
ORDER BY drawn_slot;
