"""The same features by hand for Polars' streaming engine: ``features_polars.py LOG OUT``."""

from __future__ import annotations

import sys

import polars as pl

CUT = (1_735_689_600 + 180 * 86_400) * 1_000_000
DAY = 86_400_000_000


def main() -> None:
    log, output = sys.argv[1:3]
    t, amount, n = pl.col("t"), pl.col("amount"), pl.len()
    e = pl.scan_parquet(log).with_columns(t=pl.col("ts").dt.epoch("us")).filter(t < CUT)

    def since(days: int) -> pl.Expr:
        return t >= CUT - days * DAY

    def share(of: pl.Expr) -> pl.Expr:
        return of.sum() / n

    def value(days: int) -> pl.Expr:
        """Nothing where nobody came, unknown where nobody told an amount."""
        inside = amount.filter(since(days))
        known = pl.when(inside.count() > 0).then(inside.sum())
        return pl.when(since(days).any()).then(known).otherwise(0.0)

    def kind(name: str) -> pl.Expr:
        return pl.col("event_type") == name

    sittings = (
        e.group_by("user_id", "session_id")
        .agg(length=t.max() - t.min(), n=n)
        .group_by("user_id")
        .agg(
            n_sessions=pl.len(),
            events_per_session=pl.col("n").mean(),
            session_minutes=pl.col("length").mean() / 60e6,
            bounce_share=(pl.col("n") < 2).mean(),
        )
    )
    gap = t.sort().diff()
    gap = gap.filter(gap > 0)
    prior = since(28) & ~since(14)
    hour = t // 3_600_000_000 % 24
    features = e.group_by("user_id").agg(
        recency_days=(CUT - t.max()) / DAY,
        tenure_days=(CUT - t.min()) / DAY,
        n_events=n,
        value_total=pl.when(amount.count() > 0).then(amount.sum()),
        value_mean=amount.mean(),
        n_events_30d=since(30).sum(),
        n_events_90d=since(90).sum(),
        value_30d=value(30),
        value_90d=value(90),
        trend=(since(14).sum().cast(pl.Int64) - prior.sum().cast(pl.Int64)) / (since(28).sum() + 2),
        decayed_activity=(0.5 ** ((CUT - t) / (60 * DAY))).sum(),
        active_days=(t // DAY).n_unique(),
        gap_median_days=gap.median() / DAY,
        gap_mean_days=gap.mean() / DAY,
        n_categories=pl.col("category").n_unique(),
        n_kinds=pl.col("event_type").n_unique(),
        n_channels=pl.col("channel").n_unique(),
        weekend_share=share((t // DAY + 3) % 7 >= 5),
        morning_share=share(hour.is_between(6, 11)),
        night_share=share(hour.is_between(0, 5)),
        n_purchases=kind("purchase").sum(),
        n_returns=kind("refund").sum(),
        n_logins=kind("login").sum(),
        n_collaboration=kind("share").sum(),
        logins_share=share(kind("login")),
    )
    features.join(sittings, on="user_id").rename({"user_id": "entity_id"}).sink_parquet(
        output, compression="zstd", engine="streaming"
    )


if __name__ == "__main__":
    main()
