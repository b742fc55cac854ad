-- When staff are told by mail that a buyer wrote, and how often a webhook was tried.

ALTER TABLE people.conversation ADD COLUMN staff_told_at timestamptz;
COMMENT ON COLUMN people.conversation.staff_told_at IS
    'When the last mail to staff about it left, or is due to leave.';

ALTER TABLE earnest.webhook_delivery
    ADD COLUMN attempts integer NOT NULL DEFAULT 1 CHECK (attempts >= 1),
    ADD COLUMN answer_status integer CHECK (answer_status BETWEEN 100 AND 999),
    ADD COLUMN next_try_at timestamptz;
