"""Proposals are edits that a project file takes."""

from __future__ import annotations

import yaml

from segmentry.domain.role import Facet, Role
from segmentry.domain.table import FeatureColumn
from segmentry.prepare.proposals import for_column, leaving_out


def test_proposals_are_yaml_whatever_the_name():
    name = 'odd: "name", [x]'
    attribute = FeatureColumn(name, Role.CLUSTER)
    feature = FeatureColumn(name, Role.CLUSTER, facet=Facet.VALUE)
    assert yaml.safe_load(leaving_out(attribute)) == {"features": {"roles": {name: "id"}}}
    assert yaml.safe_load(leaving_out(feature)) == {"features": {"exclude": [name]}}
    told = yaml.safe_load(for_column("scale", name, "robust"))
    assert told == {"prepare": {"scale": {"columns": {name: "robust"}}}}
