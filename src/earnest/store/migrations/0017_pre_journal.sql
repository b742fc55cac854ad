-- The journal by time: events are appended in the order of recording, so a few bytes for each range
-- of pages are enough to find a month, and a launch pays nothing for it.

CREATE INDEX event_by_recording ON earnest.event USING brin (recorded_at);
