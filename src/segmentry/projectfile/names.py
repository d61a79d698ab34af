"""What column names say: their words, and which words speak of what.

What lives here: cutting a name into words (``CustomerID``, ``cust_id`` and ``customer id`` are the
same two) and the vocabularies that the guesses use. What does not: looking at values (``survey``)
and deciding (``behaviour``, ``roles``). The vocabularies are general words, never data sets.
"""

from __future__ import annotations

import re

SHORT = {
    "acct": "account", "amt": "amount", "cat": "category", "cc": "card", "clnt": "client",
    "cntry": "country", "cust": "customer", "desc": "description", "dob": "birth", "dt": "date",
    "dttm": "timestamp", "emp": "employee", "evt": "event", "hh": "household", "inv": "invoice",
    "nbr": "number", "nr": "number", "no": "number", "num": "number", "ord": "order",
    "org": "organization", "organisation": "organization", "prod": "product", "qty": "quantity",
    "subs": "subscriber", "trans": "transaction", "trx": "transaction", "ts": "timestamp",
    "tx": "transaction", "txn": "transaction", "usr": "user", "colour": "color",
    "occured": "occurred", "datetime": "timestamp", "msisdn": "phone", "grp": "group",
}  # fmt: skip
"""Short forms and spellings, and the word that they stand for."""

ID_WORDS = frozenset(
    "id ids number key code uid uuid guid hash ref reference identifier index pseudo idx".split()
)
"""Words that say that a column names something."""

ENTITIES = {
    "customer": 100, "user": 100, "member": 100, "subscriber": 100, "player": 100, "gamer": 100,
    "patient": 100, "employee": 100, "shopper": 100, "buyer": 100, "client": 98, "person": 98,
    "consumer": 98, "viewer": 98, "listener": 98, "reader": 98, "learner": 98, "student": 98,
    "guest": 96, "donor": 96, "passenger": 96, "cardholder": 96, "loyalty": 95, "rider": 95,
    "lead": 95, "prospect": 95, "contact": 94, "borrower": 94, "applicant": 94, "reviewer": 94,
    "visitor": 90, "account": 90, "household": 90, "company": 88, "organization": 88, "tenant": 88,
    "uid": 85, "uuid": 60, "email": 75, "phone": 70, "cookie": 80, "device": 78, "anonymous": 78,
    "distinct": 76, "fullvisitor": 90, "workspace": 70, "team": 68, "driver": 65, "wallet": 65,
    "card": 62, "subscription": 60, "contract": 58, "policy": 58, "seller": 55, "merchant": 55,
    "vendor": 50, "supplier": 52, "store": 50, "shop": 50, "branch": 50, "restaurant": 50,
    "session": 40, "visit": 38, "bike": 35, "vehicle": 35, "car": 33, "machine": 33, "sensor": 33,
    "meter": 33, "station": 30, "product": 25, "item": 25, "sku": 25, "article": 25,
}  # fmt: skip
"""Who or what may be segmented, the more personal the higher."""

PERSONAL = 60
"""From this score on, an entity is a person or something that stands for one."""

TIMES = {
    "timestamp": 50, "time": 40, "date": 40, "at": 35, "day": 12, "when": 30, "instant": 40,
    "week": 8, "month": 8, "period": 8,
}  # fmt: skip
TIME_GOOD = frozenset(
    "event order invoice purchase transaction occurred created usage session visit start started"
    " pickup trip click action activity booking payment submitted server play played login sale"
    " sales local".split()
)
TIME_BAD = frozenset(
    "birth signup registration registered register join joined end ended closed close updated"
    " modified expiry expires expired expiration due shipped ship delivery delivered estimated"
    " cancel cancelled canceled cancellation churn resolved last dropoff stop return returned hire"
    " hired renewal enrollment enrolled first install installed arrival limit dt_customer deleted"
    " duration since elapsed response handling".split()
)
"""Words of times that are not when the row happened."""

MONEY = {
    "amount": 60, "revenue": 60, "sales": 56, "sale": 50, "spend": 58, "spent": 58, "paid": 55,
    "payment": 52, "gmv": 58, "turnover": 56, "total": 40, "subtotal": 45, "value": 36, "usd": 50,
    "eur": 50, "gbp": 50, "dollar": 45, "dollars": 45, "euro": 45, "fare": 44, "net": 20,
    "gross": 20, "charge": 35, "charges": 35, "cost": 25, "price": 24, "monetary": 50, "mrr": 40,
    "bet": 40, "stake": 40, "donation": 55, "deposit": 30, "premium": 40, "earned": 20,
}  # fmt: skip
MONEY_NOT = frozenset(
    "discount tax vat shipping freight tip refund refunded balance profit margin fee surcharge toll"
    " budget unit list limit rate ratio pct percent percentage id number count method type status"
    " date time currency code category old index channel points credit days items quantity rank"
    " arr".split()
)
PRICES = frozenset(["price", "unitprice"])
QUANTITIES = frozenset("quantity units pieces unitcount".split())
CURRENCIES = frozenset(
    "usd eur gbp jpy chf cad aud nzd inr brl cny sek nok dkk pln czk mxn zar try krw sgd hkd".split()
)

ORDERS = {
    "order": 60, "invoice": 60, "transaction": 55, "receipt": 55, "basket": 50, "cart": 35,
    "booking": 50, "purchase": 45, "checkout": 40, "bill": 45, "sale": 30,
}  # fmt: skip
ITEMS = {
    "product": 60, "item": 60, "sku": 60, "stock": 55, "article": 55, "asin": 60, "isbn": 60,
    "upc": 55, "movie": 55, "film": 55, "track": 50, "song": 55, "video": 50, "content": 45,
    "title": 40, "course": 45, "lesson": 40, "show": 40, "episode": 45, "book": 50, "game": 40,
    "page": 30, "url": 28, "screen": 30, "feature": 35, "level": 20, "artist": 25, "service": 25,
    "merchandise": 45, "brand": 12, "description": 8, "model": 22,
}  # fmt: skip
KINDS = {"event": 60, "action": 55, "activity": 50, "verb": 50, "interaction": 45, "behavior": 45,
         "behaviour": 45, "operation": 35}  # fmt: skip
CHANNELS = {
    "channel": 60, "source": 35, "medium": 32, "platform": 30, "device": 28, "touchpoint": 40,
    "os": 10,
}  # fmt: skip
CATEGORIES = {"category": 60, "department": 45, "genre": 55, "subcategory": 40, "aisle": 30,
              "collection": 25, "section": 25, "topic": 30}  # fmt: skip
SESSIONS = {"session": 60, "visit": 50}
TEXTS = frozenset("review comment message feedback text body note notes".split())

DEMOGRAPHIC = frozenset(
    "gender sex age birth birthday birthdate country nation nationality region city town state zip"
    " zipcode postal postcode county province territory district area continent location geography"
    " geo latitude longitude lat lon lng timezone marital married income salary wage residence"
    " education degree school qualification senior citizen partner spouse dependent dependents"
    " child children kid kids kidhome teen teenhome household family homeowner job occupation"
    " profession employment employer employed employees industry sector headcount firmographic"
    " ethnicity ethnic race religion language locale politics disability neighborhood neighbourhood"
    " over18".split()
)
"""Who somebody is, or what kind of company: told of segments, not what makes them."""

DEMOGRAPHIC_TAILS = frozenset(
    "status level field code name type group id size band bracket range category tier class title"
    " role flag k usd eur gbp in years year months of count number est estimated declared segment"
    " bin binned".split()
)
"""Words that may follow a demographic word without changing what it speaks of."""

DEMOGRAPHIC_UNLESS = frozenset("page stock loan distance delivery account days visits".split())
"""Words before which, or beside which, it means something else."""

DEMOGRAPHIC_PAIRS = frozenset(
    [("company", "size"), ("time", "zone"), ("employee", "count"), ("home", "ownership")]
)

CALENDAR = frozenset("year quarter month week day hour dow weekday weekend season holiday".split())
CALENDAR_TAILS = frozenset("is of the name number special public sin cos".split())
TECHNICAL = frozenset("browser os operating system systems useragent agent ip isp resolution".split())
CODES = frozenset(
    "channel region type browser os operating system systems traffic category class segment device"
    " platform group department branch store cluster code zone bucket tier grade status version"
    " source medium country city state occupation location site shop brand method mode industry"
    " language plan vendor ratecode".split()
)
"""Nouns whose small whole numbers are codes of categories, not amounts."""

OUTCOME_ALWAYS = frozenset(
    "churn churned churner attrition attrited exited converted conversion conversions target label"
    " labels cancelled canceled cancellation cancelation defaulted defaulter fraud fraudulent"
    " retained propensity probability prob predicted prediction classifier outcome repurchase"
    " repurchased accepted uplift groundtruth".split()
)
"""Words of what happens after behaviour, or of what a model says of it: never a feature."""

OUTCOME_IF_FEW = frozenset(
    "response responded responder respond purchased purchase bought buy buyer subscribed subscribe"
    " deposit default left outcome revenue visit visited click clicked won survived class y output"
    " result approved renewed renewal retention diagnosis status readmitted stroke disease cancel"
    " deceased died open opened sale sold quit lapsed upsell".split()
)
"""The same, where the column has two values only."""

OUTCOME_UNLESS = frozenset(
    "time minutes hours seconds code channel method days amount frequency trx transaction count"
    " number rate recency phone business world class_size".split()
)
OUTCOME_LEVELS = frozenset(
    "churned churn attrited converted exited defaulted fraud stayed retained cancelled canceled"
    " lapsed".split()
)
SCORED = frozenset("churn lead risk propensity fraud attrition conversion model".split())

TREATMENTS = frozenset(
    "treatment treated treat arm variant variation experiment experimental exposure exposed"
    " abtest testgroup ab holdout randomized randomised assignment".split()
)
TREATMENTS_IF_TOLD = frozenset(
    "group segment cell bucket version campaign offer test condition cohort promotion email".split()
)
CONTROL_LEVELS = frozenset(
    "control ctrl controls placebo holdout treatment treated treat variant exposed psa".split()
)

USAGES = frozenset("usage feature login subscription plan seat api workspace ticket trial".split())
MEDIA = frozenset(
    "watch watched play played listen stream video movie song track episode session page view"
    " article read game level".split()
)
BROWSING = frozenset("page click clicks view views session url referrer pageview hit".split())
PURCHASE_LEVELS = frozenset(
    "purchase purchased order ordered buy bought transaction checkout_complete payment sale"
    " order_completed completed_purchase purchase_complete order_placed".split()
)

_SUFFIXES = ("uuid", "guid", "number", "date", "time", "code", "name", "type", "num", "key", "id",
             "no", "at")  # fmt: skip
_NOUNS = frozenset(
    {*ENTITIES, *ORDERS, *ITEMS, *KINDS, *CATEGORIES, *SESSIONS, *SHORT, *MONEY, "birth", "unit",
     "zip", "row", "loan", "trip", "event", "start", "end", "created"}  # fmt: skip
)
_PIECES = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")


def words(name: str) -> tuple[str, ...]:
    """Cut a column's name into lower-case words, with short forms written out.

    Examples
    --------
    >>> words("CustomerID"), words("cust_id"), words("orderdate")
    (('customer', 'id'), ('customer', 'id'), ('order', 'date'))
    """
    pieces = [p.lower() for p in _PIECES.findall(name.replace("'s", "s"))]
    apart = [part for piece in pieces for part in _unglue(piece)]
    return tuple(SHORT.get(p, p) for p in apart)


def _unglue(piece: str) -> tuple[str, ...]:
    if piece in _NOUNS:
        return (piece,)
    for suffix in _SUFFIXES:
        front = piece.removesuffix(suffix)
        if front != piece and front in _NOUNS:
            return (front, suffix)
    return (piece,)


def singular(word: str) -> str:
    """Take a plural's s off."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def snake(name: str) -> str:
    """Write a column's name as words joined by underscores: ``CustomerID`` is ``customer_id``."""
    return "_".join(words(name)) or "entity"
