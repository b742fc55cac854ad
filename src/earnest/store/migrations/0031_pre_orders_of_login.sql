-- What a login holds in a queue is read under the lock of that queue, for every reservation where persons are
-- limited. Without an index of its own the whole queue was read each time, which grows with the launch.

CREATE INDEX allotment_of_login ON earnest.allotment (queue_id, buyer_id) WHERE person IS NOT NULL;
