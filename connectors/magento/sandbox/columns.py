"""The columns that a list may be filtered and sorted by. Anything else is an SQL error to the shop."""

from __future__ import annotations

from collections.abc import Mapping


def _named(text: str, **renamed: str) -> Mapping[str, str]:
    """Column → the row's own name for it."""
    return {name: name for name in text.split()} | renamed


_CURRENCY = """base_currency_code global_currency_code order_currency_code store_currency_code base_to_global_rate
base_to_order_rate store_to_base_rate store_to_order_rate"""
_DOCUMENT = f"""entity_id increment_id store_id state created_at updated_at {_CURRENCY} subtotal base_subtotal
subtotal_incl_tax base_subtotal_incl_tax discount_amount base_discount_amount discount_tax_compensation_amount
shipping_amount base_shipping_amount shipping_incl_tax base_shipping_incl_tax shipping_tax_amount
base_shipping_tax_amount tax_amount base_tax_amount grand_total base_grand_total discount_description
billing_address_id shipping_address_id customer_note_notify"""

ORDER = _named(
    f"""{_DOCUMENT} status coupon_code protect_code shipping_description is_virtual customer_id customer_email
customer_firstname customer_lastname customer_middlename customer_prefix customer_suffix customer_taxvat customer_dob
customer_gender customer_group_id customer_is_guest customer_note quote_id ext_order_id ext_customer_id remote_ip
x_forwarded_for applied_rule_ids edit_increment original_increment_id relation_parent_id relation_parent_real_id
relation_child_id relation_child_real_id hold_before_state hold_before_status total_due base_total_due total_paid
base_total_paid total_refunded base_total_refunded total_invoiced base_total_invoiced total_canceled
base_total_canceled total_offline_refunded total_online_refunded subtotal_invoiced subtotal_refunded
subtotal_canceled tax_invoiced tax_refunded tax_canceled shipping_invoiced shipping_refunded shipping_canceled
discount_invoiced discount_refunded discount_canceled adjustment_positive adjustment_negative
shipping_discount_amount total_item_count total_qty_ordered weight store_name email_sent send_email"""
)
INVOICE = _named(
    f"{_DOCUMENT} order_id transaction_id total_qty is_used_for_refund can_void_flag email_sent base_total_refunded"
)
CREDITMEMO = _named(
    f"""{_DOCUMENT} order_id invoice_id transaction_id creditmemo_status adjustment adjustment_positive
adjustment_negative base_adjustment base_adjustment_positive base_adjustment_negative email_sent"""
)
TRANSACTION = _named("transaction_id parent_id order_id payment_id txn_id parent_txn_id txn_type is_closed created_at")
CUSTOMER = _named(
    """email firstname lastname middlename prefix suffix group_id website_id store_id created_at updated_at created_in
dob gender taxvat default_billing default_shipping""",
    entity_id="id",
)
PRODUCT = _named(
    "sku name type_id price status visibility weight attribute_set_id created_at updated_at", entity_id="id"
)
