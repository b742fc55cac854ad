-- name: want_checkouts
-- Writes which orders of a group wait for the provider to open their payment.
INSERT INTO earnest.checkout (buyer_id, order_id, queue_id, rank)
SELECT buyer_id, order_id, queue_id, rank
FROM unnest(
    %(buyer_ids)b::text[], %(order_ids)b::text[], %(queue_ids)b::text[], %(ranks)b::bigint[]
) AS new (buyer_id, order_id, queue_id, rank)
ON CONFLICT DO NOTHING;

-- name: end_checkouts
-- Removes the orders of a group that wait for no provider any more.
DELETE FROM earnest.checkout AS c
USING unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS gone (buyer_id, order_id)
WHERE c.buyer_id = gone.buyer_id AND c.order_id = gone.order_id;

-- name: take_turn
-- Takes or keeps the turn to call a provider, by the server's own clock; changes nothing while another process has it.
INSERT INTO earnest.dispatch_turn AS t (name, holder, ends_at)
VALUES (%(name)s, %(holder)s, now() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, ends_at = EXCLUDED.ends_at
WHERE t.holder = EXCLUDED.holder OR t.ends_at <= now();

-- name: book_turn
-- Books the next free time to call a provider, by the server's own clock, and says in how many seconds it begins; whoever asks at once is given the time after it.
INSERT INTO earnest.dispatch_turn AS t (name, holder, ends_at)
VALUES (%(name)s, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (name) DO UPDATE
SET holder = EXCLUDED.holder,
    ends_at = greatest(t.ends_at, clock_timestamp()) + make_interval(secs => %(seconds)s)
RETURNING greatest(
    extract(epoch FROM ends_at - clock_timestamp())::double precision - %(seconds)s, 0
);

-- name: next_checkouts
-- Finds the next orders whose payment is to be opened, in the order of their ranks.
SELECT o.state::text, c.state = 'sent'
FROM earnest.checkout AS c
JOIN earnest.orders AS o ON o.buyer_id = c.buyer_id AND o.order_id = c.order_id
WHERE c.state <> 'refused'
ORDER BY c.rank, c.queue_id
LIMIT %(most)s;

-- name: note_checkouts_sent
-- Notes that the provider may have been called for these orders, before it is.
UPDATE earnest.checkout AS c
SET state = 'sent'
FROM unnest(%(buyer_ids)b::text[], %(order_ids)b::text[]) AS sent (buyer_id, order_id)
WHERE c.buyer_id = sent.buyer_id AND c.order_id = sent.order_id AND c.state = 'wanted';

-- name: note_checkout_refused
-- Sets a page aside that the provider will not open, for a person to look at.
UPDATE earnest.checkout
SET state = 'refused', explanation = %(explanation)s
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;
