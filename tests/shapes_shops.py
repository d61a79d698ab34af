"""Logs of buying, in the columns that shops, banks and their exports really write.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def marketplace_orders(d: Draw) -> Columns:
    """Each order has a customer id of its own, so nothing repeats and nothing is behaviour."""
    bought = d.times("2017-01-01")
    return {
        "order_id": d.keys(prefix="e"),
        "customer_id": d.keys(),
        "order_status": d.of("delivered", "shipped", "canceled", p=[0.9, 0.06, 0.04]),
        "order_purchase_timestamp": bought,
        "order_approved_at": bought,
        "order_delivered_carrier_date": d.times("2017-02-01"),
        "order_delivered_customer_date": d.times("2017-02-03"),
        "order_estimated_delivery_date": d.days("2017-02-20"),
    }


def marketplace_items(d: Draw) -> Columns:
    return {
        "order_id": d.hashes(d.n - 30, prefix="o"),
        "order_item_id": d.of(1, 2, p=[0.9, 0.1]),
        "product_id": d.hashes(90, prefix="p"),
        "seller_id": list(d.rng.permutation(d.hashes(60, prefix="s"))),
        "shipping_limit_date": d.times("2017-09-19"),
        "price": d.amount(60),
        "freight_value": d.amount(8),
    }


def marketplace_payments(d: Draw) -> Columns:
    return {
        "order_id": d.hashes(8 * d.n),
        "payment_sequential": d.of(1, 2, p=[0.97, 0.03]),
        "payment_type": d.of("credit_card", "boleto", "voucher", "debit_card"),
        "payment_installments": d.whole(1, 10),
        "payment_value": d.amount(70),
    }


def marketplace_customers(d: Draw) -> Columns:
    return {
        "customer_id": d.keys(),
        "customer_unique_id": list(d.rng.permutation(d.keys(prefix="u"))),
        "customer_zip_code_prefix": d.whole(1_003, 99_990),
        "customer_city": d.numbered("cidade ", 120),
        "customer_state": d.numbered("S", 27),
    }


def fashion_transactions(d: Draw) -> Columns:
    return {
        "t_dat": d.days("2018-09-20", 700),
        "customer_id": d.hashes(60, 64),
        "article_id": d.whole(663_713_001, 663_713_120),
        "price": (d.amount(10) / 590).round(9),
        "sales_channel_id": d.of(1, 2),
    }


def grocery_panel(d: Draw) -> Columns:
    households = np.array(d.repeated(40))
    return {
        "household_key": households,
        "BASKET_ID": [26_984_851_472 + int(h) * 1000 + i // 5 for i, h in enumerate(households)],
        "DAY": d.whole(1, 711),
        "PRODUCT_ID": d.whole(1_004_906, 1_005_100),
        "QUANTITY": d.of(1, 2, 3, p=[0.8, 0.15, 0.05]),
        "SALES_VALUE": d.amount(1.5),
        "STORE_ID": d.whole(300, 380),
        "RETAIL_DISC": -d.amount(0.3),
        "TRANS_TIME": [int(h) * 100 + int(m) for h, m in
                       zip(d.whole(7, 22), d.whole(0, 59), strict=True)],
        "WEEK_NO": d.whole(1, 102),
        "COUPON_DISC": [0.0] * d.n,
    }  # fmt: skip


def supermarket_lines(d: Draw) -> Columns:
    """What is called an amount counts pieces, and the price is what the line cost."""
    amount = d.of(1, 2, 3, 6, p=[0.8, 0.12, 0.05, 0.03])
    return {
        "TRANSACTION_DT": d.days("2000-11-01", 120, "%m/%d/%Y"),
        "CUSTOMER_ID": d.repeated(50, 1_000_000),
        "AGE_GROUP": d.of("25-29", "30-34", "35-39"),
        "PIN_CODE": d.whole(100, 116),
        "PRODUCT_SUBCLASS": d.whole(100_101, 100_160),
        "PRODUCT_ID": d.whole(4_710_000_000_000, 4_710_000_000_150),
        "AMOUNT": amount,
        "ASSET": d.whole(5, 400),
        "SALES_PRICE": [int(a * p) for a, p in zip(amount, d.whole(8, 300), strict=True)],
    }


def loyalty_lines(d: Draw) -> Columns:
    """The total of a basket stands on each of its lines."""
    clients = np.array(d.repeated(50))
    order = [f"{c:04d}{i // 4:04d}" for i, c in enumerate(clients)]
    total = {o: float(v) for o, v in zip(order, d.amount(200), strict=True)}
    return {
        "client_id": [Draw._hash(int(c), 10) for c in clients],
        "transaction_id": order,
        "transaction_datetime": d.times("2018-11-21", 110),
        "regular_points_received": d.amount(3),
        "express_points_spent": [0.0] * d.n,
        "purchase_sum": [total[o] for o in order],
        "store_id": list(d.rng.permutation(d.hashes(30, 10, "s"))),
        "product_id": list(d.rng.permutation(d.hashes(90, 10, "p"))),
        "product_quantity": d.of(1.0, 2.0, 3.0),
        "trn_sum_from_iss": d.whole(20, 500),
    }


def shop_orders_export(d: Draw) -> Columns:
    emails = [f"ada{e}@example.org" for e in d.repeated(80)]
    price, quantity = d.amount(15), d.of(1, 2, 3)
    total = (price * np.array(quantity)).round(2)
    return {
        "Name": [f"#{1001 + i}" for i in range(d.n)],
        "Email": emails,
        "Financial Status": d.of("paid", "refunded", "voided", p=[0.94, 0.04, 0.02]),
        "Paid at": d.times(),
        "Fulfillment Status": d.of("fulfilled", "unfulfilled"),
        "Accepts Marketing": d.of("yes", "no"),
        "Currency": ["EUR"] * d.n,
        "Subtotal": total,
        "Shipping": d.of(0.0, 4.9),
        "Taxes": (total * 0.19).round(2),
        "Total": total,
        "Discount Code": d.some(["WELCOME10"] * d.n, 0.1),
        "Created at": d.times(),
        "Lineitem quantity": quantity,
        "Lineitem name": d.numbered("Scarf ", 40),
        "Lineitem price": price,
        "Lineitem sku": d.numbered("SC-", 40),
        "Billing Name": [f"Ada {e}" for e in emails],
        "Billing Street": d.numbered("Lane ", 300),
        "Billing Zip": [f"'{z}" for z in d.whole(10_000, 99_000)],
        "Billing Country": d.of("DE", "FR"),
        "Notes": [""] * d.n,
    }


def card_charges_export(d: Draw) -> Columns:
    customers = d.hashes(70, 14, "cus_")
    return {
        "id": d.keys(24, "ch_"),
        "Description": d.of("Subscription creation", "Subscription update"),
        "Seller Message": ["Payment complete."] * d.n,
        "Created (UTC)": d.times(),
        "Amount": d.amount(20),
        "Amount Refunded": d.of(0.0, 19.9, p=[0.97, 0.03]),
        "Currency": ["usd"] * d.n,
        "Fee": d.amount(0.4),
        "Status": d.of("Paid", "Failed", "Refunded", p=[0.92, 0.05, 0.03]),
        "Customer ID": customers,
        "Customer Email": [f"{c}@example.org" for c in customers],
        "Card Last4": d.whole(1_000, 9_999),
        "Card Brand": d.of("Visa", "MasterCard"),
    }


def deals(d: Draw) -> Columns:
    stage = d.of("Won", "Lost", "Engaging", p=[0.5, 0.3, 0.2])
    worth = d.amount(900)
    return {
        "opportunity_id": d.keys(8),
        "sales_agent": d.numbered("Agent ", 30),
        "product": d.numbered("GTX ", 7),
        "account": d.numbered("Company ", 60),
        "deal_stage": stage,
        "engage_date": d.days("2016-10-20"),
        "close_date": d.days("2017-03-01"),
        "close_value": [w if s == "Won" else 0 for w, s in zip(worth, stage, strict=True)],
    }


def crm_opportunities(d: Draw) -> Columns:
    won = d.flag(0.4)
    stage = ["Closed Won" if w else s for w, s in
             zip(won, d.of("Closed Lost", "Prospecting", "Negotiation"), strict=True)]  # fmt: skip
    return {
        "Id": d.keys(18, "006"),
        "AccountId": d.keys(18, "001"),
        "Name": d.numbered("Deal ", 5_000),
        "StageName": stage,
        "Amount": d.amount(8_000),
        "Probability": [100 if w else 20 for w in won],
        "CloseDate": d.days(),
        "CreatedDate": d.times(),
        "IsClosed": [int(s.startswith("Closed")) for s in stage],
        "IsWon": won,
        "ForecastCategory": ["Closed" if w else "Pipeline" for w in won],
        "LeadSource": d.of("Web", "Phone", "Partner"),
        "NumberOfEmployees": d.whole(1, 900),
        "Number_of_Calls__c": d.whole(0, 30),
        "Number_of_Meetings__c": d.whole(0, 9),
    }


def receipts(d: Draw) -> Columns:
    """Lines of a till: nobody is named, so a receipt is all there is."""
    receipt = d.repeated(120, 70_001)
    return {
        "receipt_no": receipt,
        "sale_date": [f"2024-03-{1 + r % 28:02d} 10:{r % 60:02d}:00" for r in receipt],
        "store": d.of("Nord", "Süd", "West"),
        "cashier": d.whole(1, 9),
        "sku": d.whole(1, 80),
        "product_name": d.numbered("Tea ", 80),
        "qty": d.whole(1, 5),
        "unit_price": d.amount(2),
    }


def basket_pairs(d: Draw) -> Columns:
    order = np.array(d.repeated(60))
    return {
        "order_id": order,
        "product_id": d.whole(1, 150),
        "add_to_cart_order": d.whole(1, 20),
        "reordered": d.flag(0.6),
    }


def till_sales(d: Draw) -> Columns:
    quantity, price = d.whole(1, 10), d.amount(25)
    total = (quantity * price * 1.05).round(4)
    return {
        "Invoice ID": [f"{750 + i}-67-{8428 + i}" for i in range(d.n)],
        "Branch": d.of("A", "B", "C"),
        "City": d.of("Yangon", "Mandalay"),
        "Customer type": d.of("Member", "Normal"),
        "Gender": d.of("Female", "Male"),
        "Product line": d.of("Health and beauty", "Sports and travel", "Food and beverages"),
        "Unit price": price,
        "Quantity": quantity,
        "Tax 5%": (total / 21).round(4),
        "Total": total,
        "Date": d.days("2019-01-01", 90, "%m/%d/%Y"),
        "Payment": d.of("Ewallet", "Cash", "Credit card"),
        "gross margin percentage": [4.761904762] * d.n,
        "Rating": d.of(4.1, 5.5, 7.2, 9.9),
    }


def store_days(d: Draw) -> Columns:
    return {
        "Store": d.repeated(40),
        "DayOfWeek": d.whole(1, 7),
        "Date": d.days("2013-01-01"),
        "Sales": d.whole(0, 9_000),
        "Customers": d.whole(0, 900),
        "Open": d.flag(0.9),
        "Promo": d.flag(0.4),
        "StateHoliday": d.of("0", "a", "b", p=[0.97, 0.02, 0.01]),
        "SchoolHoliday": d.flag(0.2),
    }


def bank_transactions(d: Draw) -> Columns:
    customers = d.repeated(300, 5_800_000)
    return {
        "TransactionID": [f"T{i}" for i in d.ids()],
        "CustomerID": [f"C{c}" for c in customers],
        "CustomerDOB": [f"19{60 + c % 40}-01-1{c % 9}" for c in customers],
        "CustGender": [("M", "F")[c % 2] for c in customers],
        "CustLocation": [f"TOWN {c % 70}" for c in customers],
        "CustAccountBalance": d.amount(20_000),
        "TransactionDate": d.days("2016-08-01", 80),
        "TransactionTime": d.whole(0, 235_959),
        "TransactionAmount (INR)": d.amount(300),
    }


def bank_abbreviations(d: Draw) -> Columns:
    return {
        "TXN_ID": d.ids(90_000),
        "ACCT_NO": d.repeated(60, 4_000_100),
        "CUST_ID": [a % 50 + 7_000 for a in d.repeated(60)],
        "TXN_DT": d.days("2023-01-01", 300),
        "TXN_AMT": d.amount(40),
        "TXN_TYP": d.of("POS", "ATM", "FEE"),
        "MCC_CD": d.of(5411, 5812, 5999, 4121, 6011),
        "DR_CR_IND": d.of("D", "C"),
        "BAL_AMT": d.amount(900),
    }


def mobile_money(d: Draw) -> Columns:
    fraud = d.flag(0.1)
    return {
        "step": d.whole(1, 743),
        "type": d.of("CASH_OUT", "PAYMENT", "TRANSFER", "CASH_IN"),
        "amount": d.amount(9_000),
        "nameOrig": [f"C{1_231_006_815 + 7 * i}" for i in range(d.n)],
        "oldbalanceOrg": d.amount(5_000),
        "newbalanceOrig": d.amount(5_000),
        "nameDest": d.numbered("M", 900),
        "oldbalanceDest": d.amount(5_000),
        "isFraud": fraud,
        "isFlaggedFraud": fraud * d.flag(0.2),
    }
