"""Logs of clicks, plays, visits and posts, in the columns that such systems really write.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def session_clicks_without_header(d: Draw) -> Columns:
    return {
        "1": d.repeated(70),
        "2": [f"{t[:10]}T{t[11:]}.277Z" for t in d.times("2014-04-07")],
        "3": d.whole(214_536_500, 214_536_590),
        "4": d.of(0, 1, 2, 3),
    }


def item_views(d: Draw) -> Columns:
    sessions = d.repeated(90)
    return {
        "sessionId": sessions,
        "userId": d.some([s // 2 for s in sessions], 0.12),
        "itemId": d.whole(30_000, 30_090),
        "timeframe": d.whole(0, 900_000),
        "eventdate": d.days("2016-05-09"),
    }


def visits_export(d: Draw) -> Columns:
    people = d.repeated(60, 7_000_000_000_000_000)
    start = d.epochs(1_470_000_000)
    return {
        "fullVisitorId": people,
        "visitId": start,
        "visitNumber": d.whole(1, 9),
        "visitStartTime": start,
        "date": [int(x) for x in d.days("2016-08-01", 200, "%Y%m%d")],
        "channelGrouping": d.of("Organic Search", "Social", "Direct", "Referral"),
        "socialEngagementType": ["Not Socially Engaged"] * d.n,
        "totals.visits": [1] * d.n,
        "totals.hits": d.whole(1, 40),
        "totals.pageviews": d.whole(1, 30),
        "totals.bounces": d.some([1] * d.n, 0.4),
        "totals.newVisits": d.some([1] * d.n, 0.7),
        "totals.transactionRevenue": d.some(d.amount(40), 0.05),
        "trafficSource.source": d.of("google", "youtube.com", "(direct)"),
        "device.browser": d.of("Chrome", "Safari"),
        "device.isMobile": d.of("true", "false"),
        "geoNetwork.country": [("India", "Peru")[p % 2] for p in people],
    }


def tracked_events(d: Draw) -> Columns:
    """An event first, then properties with signs in their names."""
    people = d.repeated(60)
    return {
        "event": d.of("App Open", "Song Played", "Sign Up", "Upgrade"),
        "distinct_id": [f"user-{p}" for p in people],
        "time": d.epochs(),
        "$insert_id": d.keys(16),
        "$browser": d.of("Chrome", "Firefox"),
        "$city": [("Oslo", "Bern")[p % 2] for p in people],
        "mp_country_code": [("NO", "CH")[p % 2] for p in people],
        "mp_lib": ["web"] * d.n,
        "duration_sec": d.whole(1, 300),
    }


def product_events(d: Draw) -> Columns:
    users = d.repeated(60)
    at = d.times()
    return {
        "uuid": d.keys(36),
        "amplitude_id": [90_000 + u for u in users],
        "user_id": [f"u{u}@example.org" for u in users],
        "device_id": [Draw._hash(u % 55, 22) for u in users],
        "session_id": [1_700_000_000_000 + 1_000 * (u * 9 + i % 4) for i, u in enumerate(users)],
        "event_id": d.whole(1, 900),
        "event_type": d.of("open_board", "add_card", "share"),
        "event_time": at,
        "client_event_time": at,
        "server_upload_time": at,
        "platform": d.of("Web", "iOS"),
        "os_name": d.of("Chrome", "ios"),
        "country": [("Chile", "Spain")[u % 2] for u in users],
        "version_name": d.of("1.2.0", "1.3.1"),
    }


def tracks_of_visitors(d: Draw) -> Columns:
    """Few rows know the user, all know the visitor."""
    visitors = d.repeated(60)
    at = d.times()
    return {
        "id": d.keys(20, "ajs-"),
        "anonymous_id": [Draw._hash(v, 36) for v in visitors],
        "user_id": [f"U{v}" if v % 5 == 0 else "" for v in visitors],
        "event": d.of("product_viewed", "product_added", "order_completed", "page_viewed"),
        "original_timestamp": at,
        "received_at": at,
        "sent_at": at,
        "timestamp": at,
        "context_ip": d.numbered("10.0.0.", 200),
        "context_page_path": d.numbered("/p/", 30),
        "context_library_name": ["analytics.js"] * d.n,
    }


def captured_events(d: Draw) -> Columns:
    at = d.times()
    return {
        "uuid": d.keys(36),
        "event": d.of("$pageview", "$autocapture", "sign up", "invite"),
        "distinct_id": d.hashes(60, 36),
        "timestamp": at,
        "properties": [f'{{"$browser": "Chrome", "n": {i}, "$lib": "web"}}' for i in range(d.n)],
        "created_at": at,
        "elements_chain": [""] * d.n,
    }


def pipeline_events(d: Draw) -> Columns:
    people = d.repeated(60)
    return {
        "app_id": ["shop"] * d.n,
        "platform": d.of("web", "mob"),
        "collector_tstamp": d.times(),
        "event": d.of("page_view", "page_ping", "struct"),
        "event_id": d.keys(36),
        "domain_userid": [Draw._hash(p, 36) for p in people],
        "domain_sessionid": [Draw._hash(p * 97 + i // 5, 36) for i, p in enumerate(people)],
        "domain_sessionidx": d.whole(1, 9),
        "user_ipaddress": d.numbered("10.1.1.", 250),
        "geo_country": [("DE", "AT")[p % 2] for p in people],
        "page_urlpath": d.numbered("/a/", 40),
        "useragent": d.numbered("Mozilla/5.0 ", 30),
    }


def server_log(d: Draw) -> Columns:
    return {
        "ip": [f"10.20.{i % 7}.{i}" for i in d.repeated(80)],
        "datetime": d.times(),
        "method": d.of("GET", "POST", p=[0.9, 0.1]),
        "url": d.numbered("/page/", 50),
        "protocol": d.of("HTTP/1.1", "HTTP/1.0"),
        "status": d.of(200, 304, 404, 500),
        "bytes": d.whole(100, 90_000),
        "referrer": d.numbered("https://example.org/", 20),
        "user_agent": d.numbered("Mozilla/5.0 (X11; Linux) v", 30),
    }


def app_tickets(d: Draw) -> Columns:
    people = d.repeated(70, 360_000_000)
    return {
        "id": d.ids(),
        "requester_id": people,
        "subject": d.texts(4),
        "status": d.of("open", "solved", "closed"),
        "priority": d.of("low", "normal", "high", "urgent"),
        "via_channel": d.of("email", "web", "chat"),
        "group": d.of("Tier 1", "Billing"),
        "created_at": d.times(),
        "solved_at": d.times("2024-02-01"),
        "first_reply_time_in_minutes": d.whole(1, 900),
        "reopens": d.of(0, 1, 2, p=[0.9, 0.08, 0.02]),
        "satisfaction_rating": d.of("good", "bad", "offered"),
    }


def code_events(d: Draw) -> Columns:
    people = d.repeated(60)
    return {
        "id": d.ids(2_489_000_000),
        "type": d.of("PushEvent", "WatchEvent", "IssuesEvent", "ForkEvent"),
        "actor_id": [8_000 + p for p in people],
        "actor_login": [f"dev{p}" for p in people],
        "repo_id": d.whole(500, 640),
        "repo_name": d.numbered("org/repo", 140),
        "public": ["true"] * d.n,
        "created_at": d.times(),
    }


def forum_posts(d: Draw) -> Columns:
    return {
        "Id": d.ids(4),
        "PostTypeId": d.of(1, 2),
        "CreationDate": d.times("2010-07-31"),
        "Score": d.whole(-3, 90),
        "ViewCount": d.some(d.whole(10, 9_000), 0.5),
        "Body": [f"<p>{t}, and {t}</p>" for t in d.texts()],
        "OwnerUserId": d.repeated(80, 8),
        "LastEditorUserId": d.some(d.whole(1, 90), 0.3),
        "LastActivityDate": d.times("2011-07-31"),
        "Tags": d.numbered("<c#><x", 60),
        "AnswerCount": d.some(d.whole(0, 9), 0.5),
    }


def short_posts(d: Draw) -> Columns:
    return {
        "tweet_id": d.ids(119_237),
        "author_id": d.repeated(60, prefix="brand"),
        "inbound": d.of("True", "False"),
        "created_at": [f"Tue Oct {1 + i % 28:02d} 22:10:47 +0000 2017" for i in range(d.n)],
        "text": d.texts(),
        "retweets": d.whole(0, 90),
        "likes": d.whole(0, 400),
    }


def check_ins(d: Draw) -> Columns:
    return {
        "userId": d.repeated(60),
        "venueId": d.hashes(120, 24),
        "venueCategoryId": d.hashes(20, 24, "c"),
        "venueCategory": d.numbered("Bar ", 20),
        "latitude": (40.5 + d.share() / 2).round(6),
        "longitude": (-74.2 + d.share() / 2).round(6),
        "timezoneOffset": d.of(-240, -300),
        "utcTimestamp": d.times("2012-04-03"),
    }


def film_ratings(d: Draw) -> Columns:
    return {
        "userId": d.repeated(60),
        "movieId": d.whole(1, 150),
        "rating": d.of(0.5, 2.0, 3.5, 4.0, 5.0),
        "timestamp": d.epochs(964_980_868),
    }


def star_reviews(d: Draw) -> Columns:
    return {
        "review_id": d.keys(22),
        "user_id": d.hashes(60, 22, "u"),
        "business_id": list(d.rng.permutation(d.hashes(90, 22, "b"))),
        "stars": d.of(1.0, 3.0, 4.0, 5.0),
        "useful": d.whole(0, 9),
        "funny": d.whole(0, 4),
        "cool": d.whole(0, 4),
        "text": d.texts(),
        "date": d.times("2015-01-01"),
    }


def phone_calls(d: Draw) -> Columns:
    return {
        "caller_number": [f"+4917{1_000_000 + c}" for c in d.repeated(60)],
        "callee_number": [f"+4915{1_000_000 + int(c)}" for c in d.whole(1, 200)],
        "call_type": d.of("voice", "sms", "data"),
        "call_start": d.times(),
        "duration_sec": d.whole(0, 900),
        "cell_id": d.whole(10_000, 10_050),
        "charge": d.amount(0.1),
    }


def cab_rides(d: Draw) -> Columns:
    cabs = np.array(d.repeated(60))
    return {
        "Trip ID": d.keys(40),
        "Taxi ID": [Draw._hash(int(c), 64) for c in cabs],
        "Trip Start Timestamp": d.times("2019-01-01"),
        "Trip End Timestamp": d.times("2019-01-01"),
        "Trip Seconds": d.whole(60, 4_000),
        "Trip Miles": d.amount(2),
        "Pickup Community Area": d.whole(1, 77),
        "Dropoff Community Area": d.whole(1, 77),
        "Fare": d.amount(8),
        "Tips": d.amount(1),
        "Tolls": [0] * d.n,
        "Extras": d.of(0, 1, 4),
        "Trip Total": d.amount(10),
        "Payment Type": d.of("Cash", "Credit Card"),
        "Company": [f"Cab Company {c % 25}" for c in cabs],
        "Pickup Centroid Latitude": (41.6 + d.share() / 3).round(6),
    }


def deliveries(d: Draw) -> Columns:
    couriers = d.repeated(60)
    return {
        "ID": [f"0x{x}" for x in d.keys(4)],
        "Delivery_person_ID": [f"INDORES{c}DEL" for c in couriers],
        "Delivery_person_Age": [20 + c % 20 for c in couriers],
        "Delivery_person_Ratings": d.of(4.1, 4.5, 4.9),
        "Restaurant_latitude": (22.7 + d.share()).round(6),
        "Restaurant_longitude": (75.8 + d.share()).round(6),
        "Order_Date": d.days("2022-02-11", 60, "%d-%m-%Y"),
        "Weatherconditions": d.of("conditions Sunny", "conditions Fog"),
        "Road_traffic_density": d.of("Low", "Jam", "High"),
        "Vehicle_condition": d.whole(0, 3),
        "Type_of_order": d.of("Snack", "Meal", "Drinks"),
        "multiple_deliveries": d.whole(0, 3),
        "City": d.of("Urban", "Metropolitian"),
        "Time_taken(min)": d.whole(10, 50),
    }


def mail_log(d: Draw) -> Columns:
    sent = d.n
    opened = d.flag(0.4)
    return {
        "recipient_id": d.repeated(60),
        "campaign_id": d.whole(1, 30),
        "sent_at": d.times(),
        "opened": opened,
        "clicked": opened * d.flag(0.2),
        "unsubscribed": [0] * (sent - 3) + [1] * 3,
        "client": d.of("gmail", "outlook"),
    }


def chain_transfers(d: Draw) -> Columns:
    return {
        "hash": d.keys(60, "0x"),
        "block_number": d.whole(9_000_000, 9_100_000),
        "block_timestamp": d.times(),
        "from_address": d.hashes(60, 40, "0x"),
        "to_address": list(d.rng.permutation(d.hashes(90, 40, "0x"))),
        "value": d.amount(1e3),
        "gas_price": d.amount(20),
    }


def service_points(d: Draw) -> Columns:
    """Names that mean nothing to a stranger: who is who shows in the values alone."""
    return {
        "msno": [f"{x}=" for x in d.hashes(50, 43)],
        "date": [int(x) for x in d.days("2017-01-01", 90, "%Y%m%d")],
        "num_25": d.whole(0, 40),
        "num_100": d.whole(0, 90),
        "num_unq": d.whole(1, 80),
        "total_secs": d.amount(3_000),
    }


def membership_payments(d: Draw) -> Columns:
    return {
        "msno": [f"{x}=" for x in d.hashes(60, 43)],
        "payment_method_id": d.of(41, 40, 39, 36),
        "payment_plan_days": d.of(30, 90, 180),
        "plan_list_price": d.of(149, 99, 129),
        "actual_amount_paid": d.of(149, 99, 129, 0),
        "is_auto_renew": d.flag(0.9),
        "transaction_date": [int(x) for x in d.days("2016-01-01", 400, "%Y%m%d")],
        "membership_expire_date": [int(x) for x in d.days("2016-03-01", 400, "%Y%m%d")],
        "is_cancel": d.flag(0.05),
    }
