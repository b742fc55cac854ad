-- name: open_conversation
-- Makes the row of a conversation, which every message locks; one that is there already stays.
INSERT INTO people.conversation (buyer_id, order_id)
VALUES (%(buyer_id)s, %(order_id)s)
ON CONFLICT DO NOTHING;

-- name: lock_conversation
-- Holds a conversation, so that two messages at once get two numbers and one key is one message.
SELECT messages, waits_since, read_by_buyer, read_by_seller, staff_told_at
FROM people.conversation
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
FOR UPDATE;

-- name: note_staff_told
-- Notes when staff are told of what the buyer said, so that the next mail waits an hour.
UPDATE people.conversation
SET staff_told_at = %(told_at)s
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: conversation
-- Reads how far a conversation is.
SELECT messages, waits_since, read_by_buyer, read_by_seller
FROM people.conversation
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: message_by_key
-- Finds what somebody said with a key before, to say the same again and not twice.
SELECT number, said_by, author, said_at, text, file_digest, file_type, octet_length(file),
    content_hash
FROM people.message
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s AND author = %(author)s
    AND key = %(key)s;

-- name: said_before
-- Measures what a limit is about: messages of one side since an instant, and all files.
SELECT count(*) FILTER (WHERE said_by = %(said_by)s AND said_at > %(since)s),
    coalesce(sum(octet_length(file)), 0)
FROM people.message
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: add_message
-- Adds what was said.
INSERT INTO people.message (
    buyer_id, order_id, number, said_by, author, said_at, text, key, content_hash, file_digest,
    file_type, file
)
VALUES (
    %(buyer_id)s, %(order_id)s, %(number)s, %(said_by)s, %(author)s, %(said_at)s, %(text)s,
    %(key)s, %(content_hash)s, %(file_digest)s, %(file_type)s, %(file)b
);

-- name: move_conversation
-- Notes how far a conversation is now.
UPDATE people.conversation
SET messages = %(messages)s,
    waits_since = %(waits_since)s,
    read_by_buyer = %(read_by_buyer)s,
    read_by_seller = %(read_by_seller)s
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: messages_of_order
-- Reads what was said about one order, without the files.
SELECT number, said_by, author, said_at, text, file_digest, file_type, octet_length(file)
FROM people.message
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s
ORDER BY number;

-- name: file_of_message
-- Reads the file of one message of this order of this buyer.
SELECT file
FROM people.message
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s AND number = %(number)s
    AND file IS NOT NULL;

-- name: waiting_conversations
-- Reads which buyers wait for an answer, the longest first.
SELECT buyer_id, order_id, messages, waits_since
FROM people.conversation
WHERE waits_since IS NOT NULL
ORDER BY waits_since, order_id
LIMIT %(limit)s;

-- name: put_order_link
-- Makes the link of an order; the one before opens nothing from now on.
INSERT INTO people.order_link (buyer_id, order_id, nonce, made_at, ends_at)
VALUES (%(buyer_id)s, %(order_id)s, %(nonce)s, %(made_at)s, %(ends_at)s)
ON CONFLICT (buyer_id, order_id) DO UPDATE
SET nonce = excluded.nonce, made_at = excluded.made_at, ends_at = excluded.ends_at;

-- name: order_link
-- Reads the link of an order that is in force, or was until its time was over.
SELECT nonce, made_at, ends_at
FROM people.order_link
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;

-- name: drop_order_link
-- Takes the link of an order back.
DELETE FROM people.order_link
WHERE buyer_id = %(buyer_id)s AND order_id = %(order_id)s;
