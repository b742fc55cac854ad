"""What a handover still lacks, from the line to the keys."""

from __future__ import annotations

from earnest.desk.handover_queue import Lack, lacking, missing_documents
from tests.core.orders import order_after, then
from tests.core.world import POLICY, local


def test_what_is_missing_grows_less_along_the_way() -> None:
    at = local(2024, 8, 27)
    papers = POLICY.handover_documents
    after_inspection = (Lack.BALANCE, Lack.DOCUMENTS, Lack.SIGNATURE)

    assert lacking(order_after("Scheduled"), POLICY) == ()
    assert lacking(order_after("Shipped"), POLICY) == tuple(Lack)
    assert lacking(order_after("Tendered"), POLICY) == tuple(Lack)[1:]
    booked = order_after("AppointmentBooked")
    assert lacking(booked, POLICY) == (Lack.PREPARATION, Lack.INSPECTION, *after_inspection)
    ready = then(booked, at, "delivery", "RecordPreparation", documents=papers[:1])
    assert lacking(ready, POLICY) == (Lack.INSPECTION, *after_inspection)
    assert missing_documents(ready, POLICY) == papers[1:]
    ready = then(ready, at, "delivery", "RecordPreparation", documents=papers)
    assert lacking(ready, POLICY) == (Lack.INSPECTION, Lack.BALANCE, Lack.SIGNATURE)
    inspected = then(ready, local(2024, 8, 29, 10), "buyer", "RecordInspection")
    assert lacking(inspected, POLICY) == (Lack.BALANCE, Lack.SIGNATURE)
    assert lacking(order_after("HandedOver"), POLICY) == ()
