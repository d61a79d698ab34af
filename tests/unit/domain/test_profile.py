"""The profile of a segment."""

from __future__ import annotations

from segmentry.domain.profile import Naming, Profile


def test_a_profile_bears_the_name_that_naming_gave():
    naming = Naming("Loyal regulars", "loyal", 0.8, 0.5, "Fits the archetype.")
    profile = Profile(
        segment_id=0,
        naming=naming,
        size=10,
        share=0.1,
        value_share=None,
        value_total=None,
        mean_confidence=0.8,
        anomaly_share=0.0,
        silhouette=0.4,
        contrasts=(),
        traits=(),
        outcomes=(),
        overlays=(),
        action="Thank them",
        action_reason="They stay.",
    )
    assert profile.name == "Loyal regulars"
