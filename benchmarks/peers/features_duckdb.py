"""The same features, written by hand as one query of DuckDB: ``features_duckdb.py LOG OUTPUT``."""

from __future__ import annotations

import sys

import duckdb

CUT = 1_735_689_600 + 180 * 86_400


def ago(days: int) -> str:
    return f"{CUT - days * 86_400}e6"


QUERY = f"""
WITH e AS (
  SELECT user_id, epoch_us(ts) AS t, amount, event_type, channel, category, session_id
  FROM read_parquet('LOG') WHERE ts < make_timestamp({CUT}000000)
), w AS (
  SELECT *, lag(t) OVER (PARTITION BY user_id ORDER BY t) AS pt FROM e
), s AS (
  SELECT user_id, count(*) AS n_sessions, sum(n) / count(*) AS events_per_session,
    sum(length) / 60e6 / count(*) AS session_minutes,
    count(*) FILTER (n < 2) / count(*) AS bounce_share
  FROM (
    SELECT user_id, session_id, max(t) - min(t) AS length, count(*) AS n FROM e GROUP BY ALL
  ) GROUP BY user_id
)
SELECT user_id AS entity_id,
  ({CUT}e6 - max(t)) / 864e8 AS recency_days,
  ({CUT}e6 - min(t)) / 864e8 AS tenure_days,
  count(*) AS n_events,
  sum(amount) AS value_total,
  sum(amount) / count(amount) AS value_mean,
  count(*) FILTER (t >= {ago(30)}) AS n_events_30d,
  count(*) FILTER (t >= {ago(90)}) AS n_events_90d,
  CASE WHEN n_events_30d > 0 THEN sum(amount) FILTER (t >= {ago(30)}) ELSE 0 END AS value_30d,
  CASE WHEN n_events_90d > 0 THEN sum(amount) FILTER (t >= {ago(90)}) ELSE 0 END AS value_90d,
  (count(*) FILTER (t >= {ago(14)}) - count(*) FILTER (t >= {ago(28)} AND t < {ago(14)}))
    / (count(*) FILTER (t >= {ago(28)}) + 2) AS trend,
  sum(pow(0.5, ({CUT}e6 - t) / (60 * 864e8))) AS decayed_activity,
  count(DISTINCT t // 86400000000) AS active_days,
  median(t - pt) FILTER (t > pt) / 864e8 AS gap_median_days,
  avg(t - pt) FILTER (t > pt) / 864e8 AS gap_mean_days,
  count(DISTINCT category) AS n_categories,
  count(DISTINCT event_type) AS n_kinds,
  count(DISTINCT channel) AS n_channels,
  count(*) FILTER ((t // 86400000000 + 3) % 7 >= 5) / count(*) AS weekend_share,
  count(*) FILTER ((t // 3600000000) % 24 BETWEEN 6 AND 11) / count(*) AS morning_share,
  count(*) FILTER ((t // 3600000000) % 24 BETWEEN 0 AND 5) / count(*) AS night_share,
  count(*) FILTER (event_type = 'purchase') AS n_purchases,
  count(*) FILTER (event_type = 'refund') AS n_returns,
  count(*) FILTER (event_type = 'login') AS n_logins,
  count(*) FILTER (event_type = 'share') AS n_collaboration,
  count(*) FILTER (event_type = 'login') / count(*) AS logins_share,
  any_value(n_sessions) AS n_sessions,
  any_value(events_per_session) AS events_per_session,
  any_value(session_minutes) AS session_minutes,
  any_value(bounce_share) AS bounce_share
FROM w JOIN s USING (user_id) GROUP BY user_id
"""


def main() -> None:
    log, output = sys.argv[1:3]
    settings = {"memory_limit": sys.argv[3]} if len(sys.argv) > 3 else {}
    connection = duckdb.connect(config={"threads": 2, **settings})
    query = QUERY.replace("LOG", log)
    connection.execute(f"COPY ({query}) TO '{output}' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    main()
