"""A club as a project: members whose table holds what must never leave the process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.domain.project import FeatureChoice, Project, Shape, Source, frozen_mapping
from segmentry.domain.role import Role

MAIL = "rosalind@club.example"
TELEPHONE = "+44 20 7946 0958"
COACH = "M-00007"
"""A level that is the id of a member."""

WORD = "rheumatism"
"""Stands in free texts of one segment."""


def members(n: int = 360) -> pa.Table:
    """Make members of three kinds: visits, spending, who coaches them, and what they wrote."""
    rng = np.random.default_rng(0)
    kind = np.arange(n) % 3
    coach = np.array([MAIL, TELEPHONE, COACH])[kind]
    hall = np.where(kind == 0, "north", "south")
    shoe = np.where(kind == 1, "clay", "grass")
    # Four of the first kind wear shoes for clay: too few to be told of.
    shoe[np.flatnonzero(kind == 0)[:4]] = "clay"
    texts = np.array(["my knee and rheumatism again", "great court great light", "racket strings"])
    return pa.table(
        {
            "member_id": [f"M-{i:05d}" for i in range(n)],
            "visits": rng.poisson(np.array([40, 4, 15])[kind]),
            "spend_total": rng.gamma(9.0, np.array([60.0, 5.0, 9.0])[kind]).round(2),
            "days_since_last_visit": rng.gamma(4.0, np.array([1.0, 30.0, 4.0])[kind]).round(1),
            "coach": coach,
            "hall": hall,
            "shoe": shoe,
            "wishes": [f"{texts[k]} {i % 7}" for i, k in enumerate(kind)],
        }
    )


def club(folder: Path) -> Project:
    """Write the members into a folder, and give the project over them."""
    pq.write_table(members(), folder / "members.parquet")
    roles = {"coach": Role.CLUSTER, "hall": Role.CLUSTER, "shoe": Role.CLUSTER, "wishes": Role.TEXT}
    source = Source(
        "members", "members.parquet", Shape.TABLE, columns=frozen_mapping({"entity": "member_id"})
    )
    return Project(
        "club",
        (source,),
        entity="member",
        objective="retention",
        decision="Whom does Rosalind call?",
        owner="rosalind",
        features=FeatureChoice(roles=frozen_mapping(roles)),
        folder=folder,
    )
