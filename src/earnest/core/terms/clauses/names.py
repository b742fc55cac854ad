"""What codes in a document are called in a contract: places, papers, points of an inspection.

A code that is not known here stands in the text as the maker wrote it. Not here: sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from earnest.core.terms.clauses.words import Both, listed

_NAMES: dict[str, Both] = {
    # Places of handover.
    "delivery_centre_chosen_by_buyer": Both(
        "the delivery centre that the buyer chose", "买方选定的交付中心"
    ),
    "sellers_address": Both("the seller's address", "卖方住所地"),
    "buyers_address": Both("the buyer's address", "买方住所地"),
    # Words on the button that ends an order.
    "order_with_obligation_to_pay": Both("Order with obligation to pay", "提交订单并承担付款义务"),
    "buy_now": Both("Buy now", "立即购买"),
    # Points of an inspection.
    "vin_matches": Both("the VIN", "车辆识别代号"),
    "exterior_paint": Both("exterior and paint", "外观与漆面"),
    "glass_and_lights": Both("glass and lights", "玻璃与灯具"),
    "wheels_and_tyres": Both("wheels and tyres", "车轮与轮胎"),
    "interior": Both("interior", "内饰"),
    "electronics": Both("electronics", "电子设备"),
    "charging": Both("charging", "充电功能"),
    "accessories": Both("accessories and tools", "随车附件与工具"),
    "configuration_matches": Both("the configuration as ordered", "与订单配置的一致性"),
    # Papers handed over with the car.
    "certificate_of_conformity": Both("certificate of conformity", "产品合格证"),
    "consistency_certificate": Both("consistency certificate", "车辆一致性证书"),
    "invoice": Both("invoice", "购车发票"),
    "manual": Both("manual", "使用说明书"),
    "three_guarantee_card": Both("three-guarantee card", "三包凭证"),
    "warranty_booklet": Both("warranty booklet", "质量担保手册"),
    "registration_papers": Both("registration papers", "登记文件"),
    "title": Both("title", "所有权证书"),
    "odometer_statement": Both("odometer statement", "里程表声明"),
    "keys": Both("keys", "钥匙"),
}


def name_of(code: str) -> Both:
    """What a code is called, or the code itself."""
    return _NAMES.get(code, Both(code, code))


def names_of(codes: Sequence[str]) -> Both:
    """Several codes in a row."""
    return listed([name_of(code) for code in codes])
