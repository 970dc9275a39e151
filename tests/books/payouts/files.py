"""Files as gateways write them, of our own making: a few orders, a refund, fees, and what was paid to the bank."""

from __future__ import annotations

from typing import Any

from connectors.models import Connection
from hub.books.payouts.arriving import answer, receive
from hub.books.payouts.entries import Entry
from hub.books.payouts.layout import Answers
from hub.books.payouts.opening import encoding_of, head, rows
from hub.books.payouts.reading import Reader
from hub.books.payouts.recognising import Recognised, recognise
from hub.books.payouts.rounds import advance_due
from hub.models import PayoutFile

STRIPE = """\
automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,currency,gross,fee,net,\
reporting_category,source_id,description,customer_name
po_1,2026-03-05 00:00:00,txn_1,2026-03-03 10:11:12,usd,100.00,3.20,96.80,charge,ch_1,Order 1001,Ada Okafor
po_1,2026-03-05 00:00:00,txn_2,2026-03-03 11:00:00,usd,50.00,1.75,48.25,charge,ch_2,Order 1002,Ben Lund
po_1,2026-03-05 00:00:00,txn_3,2026-03-04 09:00:00,usd,-20.00,0.00,-20.00,refund,re_1,Order 1001,Ada Okafor
po_1,2026-03-05 00:00:00,txn_4,2026-03-04 23:59:59,usd,-2.00,0.00,-2.00,fee,,Radar,
"""
STRIPE_PAID = STRIPE + (
    "po_1,2026-03-05 00:00:00,txn_5,2026-03-05 00:00:00,usd,-123.05,0.00,-123.05,payout,po_1,STRIPE PAYOUT,\n"
)
"""It says itself what was paid, so that nobody has to wait for the next payout to know that this one is whole."""
PAYPAL = """\
\ufeff"Date","Time","TimeZone","Name","Type","Status","Currency","Gross","Fee","Net","From Email Address",\
"Transaction ID","Invoice Number","Reference Txn ID"\r
"03/28/2026","09:00:00","PST","Ada Okafor","Express Checkout Payment","Completed","USD","1,234.50","-36.10","1,198.40",\
"ada@example.org","T1","1001",""\r
"03/29/2026","09:00:00","PST","Ada Okafor","Payment Refund","Completed","USD","-34.50","0.00","-34.50",\
"ada@example.org","T2","1001","T1"\r
"03/29/2026","10:00:00","PST","Cy Dahl","Express Checkout Payment","Pending","USD","10.00","0.00","10.00","","T3","",""\r
"03/30/2026","08:00:00","PST","","General Withdrawal","Completed","USD","-1,163.90","0.00","-1,163.90","","T4","",""\r
"03/31/2026","08:00:00","PST","Ben Lund","Express Checkout Payment","Completed","USD","20.00","-0.90","19.10","","T5","",""\r
"""
ADYEN = """\
Company Account;Merchant Account;Psp Reference;Merchant Reference;Payment Method;Creation Date;TimeZone;Type;\
Modification Reference;Gross Currency;Gross Debit (GC);Gross Credit (GC);Exchange Rate;Net Currency;Net Debit (NC);\
Net Credit (NC);Commission (NC);Markup (NC);Scheme Fees (NC);Interchange (NC);Batch Number
Shop;ShopEU;PSP1;1001;visa;2026-03-02 10:00:00;CET;Settled;MOD1;EUR;;1.100,00;1;EUR;;1.078,00;;12,00;4,00;6,00;7
Shop;ShopEU;PSP2;1002;visa;2026-03-02 11:00:00;CET;Settled;MOD2;GBP;;100,00;1,15;EUR;;113,00;2,00;;;;7
Shop;ShopEU;PSP1;1001;visa;2026-03-03 10:00:00;CET;Refunded;MOD3;EUR;100,00;;1;EUR;100,00;;;;;;7
Shop;ShopEU;;;;2026-03-04 10:00:00;CET;Fee;Transaction Fees;EUR;;;1;EUR;0,91;;;;;;7
Shop;ShopEU;;;;2026-03-04 12:00:00;CET;MerchantPayout;TX7;EUR;;;1;EUR;1.090,09;;;;;;7
"""
SHOPIFY = """\
Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Available On,Amount,Fee,Net,Checkout,\
Payment Method Name,Presentment Amount,Presentment Currency,Currency,VAT
2026-03-02 10:00:00 -0500,charge,#1001,visa,online,paid,2026-03-04,2026-03-03,100.00,3.20,96.80,c1,card,100.00,USD,USD,0.00
2026-03-02 10:00:00 -0500,charge,#1001,visa,online,paid,2026-03-04,2026-03-03,100.00,3.20,96.80,c1,card,100.00,USD,USD,0.00
2026-03-02 12:00:00 -0500,refund,#1001,visa,online,paid,2026-03-04,2026-03-03,-100.00,0.00,-100.00,c1,card,-100.00,USD,USD,0.00
2026-03-03 12:00:00 -0500,chargeback,#1002,visa,online,paid,2026-03-05,2026-03-04,-30.00,15.00,-45.00,c2,card,-30.00,USD,USD,0.00
"""
SQUARE = """\
Date,Time,Time Zone,Gross Sales,Total Collected,Source,Fees,Net Total,Transaction ID,Payment ID,Event Type,Deposit ID,\
Deposit Date,Customer Name
03/14/2026,10:00:00,Eastern,"$1,000.00","$1,080.00",Register,($31.62),"$1,048.38",t1,p1,Payment,d1,03/15/2026,Ada Okafor
03/14/2026,11:00:00,Eastern,-$10.00,-$10.80,Register,$0.00,-$10.80,t2,p2,Refund,d1,03/15/2026,Ada Okafor
"""
BRAINTREE = """\
Transaction ID,Transaction Type,Transaction Status,Merchant Account,Created Datetime,Disbursement Date,\
Currency ISO Code,Settlement Amount,Service Fee,Order ID,Refunded Transaction ID
b1,sale,settled,shop,2026-03-01 10:00:00,2026-03-03,USD,100.00,2.90,1001,
b2,credit,settled,shop,2026-03-02 10:00:00,2026-03-03,USD,40.00,0.00,1001,b1
b3,sale,voided,shop,2026-03-02 11:00:00,,USD,15.00,0.00,1003,
"""
BRAINTREE_ABROAD = """\
Transaction ID,Transaction Type,Transaction Status,Merchant Account,Created Datetime,Disbursement Date,\
Amount Submitted For Settlement,Currency ISO Code,Settlement Amount,Settlement Currency ISO Code,Service Fee,Order ID
b1,sale,settled,shop,2026-03-01 10:00:00,2026-03-03,100.00,EUR,108.00,USD,2.90,1001
b2,credit,settled,shop,2026-03-02 10:00:00,2026-03-03,50.00,EUR,54.00,USD,0.00,1001
"""
ALL = {
    "stripe": STRIPE,
    "paypal": PAYPAL,
    "adyen": ADYEN,
    "shopify payments": SHOPIFY,
    "square": SQUARE,
    "braintree": BRAINTREE,
}


def recognised(text: str | bytes, **answers: Any) -> Recognised:
    """As the hub would read it."""
    blocks = [text.encode() if isinstance(text, str) else text]
    encoding = encoding_of(blocks)
    found = head(blocks, encoding)
    sample = [cells for line, cells in rows(blocks, encoding, found.delimiter) if line > found.line]
    return recognise(encoding, found, sample, Answers(**answers))


def read(text: str | bytes, **answers: Any) -> list[Any]:
    """Every row behind the heads."""
    layout = recognised(text, **answers).layout
    reader, blocks = Reader(layout), [text.encode() if isinstance(text, str) else text]
    lines = rows(blocks, layout.encoding, layout.delimiter)
    return [reader.read(line, cells) for line, cells in lines if line > layout.head_line]


def entries(text: str | bytes, **answers: Any) -> list[Entry]:
    return [one for one in read(text, **answers) if isinstance(one, Entry)]


def upload(books: Connection, text: str | bytes, name: str = "payouts.csv") -> PayoutFile:
    content = text.encode() if isinstance(text, str) else text
    return receive(books, name, [content], "somebody")[0]


def taken_in(books: Connection, text: str | bytes, name: str = "payouts.csv") -> PayoutFile:
    """Uploaded, and worked on until nothing is left to do."""
    file = upload(books, text, name)
    while advance_due():
        pass
    file.refresh_from_db()
    return file


def settle(file: PayoutFile, **answers: Any) -> PayoutFile:
    """A person says what was asked, and it is worked on."""
    answer(file, Answers(**answers), "Bo")
    while advance_due():
        pass
    file.refresh_from_db()
    return file
