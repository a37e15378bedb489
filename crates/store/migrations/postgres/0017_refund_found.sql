-- Refunds are found by their transaction, when its customer calls again, and by the case that follows them.

CREATE INDEX refund_by_transaction ON refund (wallet, transaction_id, asked_at, id) WHERE settled_at IS NULL;
CREATE INDEX refund_by_case ON refund (case_id, asked_at, id);
