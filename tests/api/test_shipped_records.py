"""The records of the shipped data in the shapes partners rely on (the contract, by name)."""

import pytest

from initiatives.models import Initiative, StatusUpdate, Step
from initiatives.statuses import Kind, Status
from meetings.models import Meeting

pytestmark = pytest.mark.usefixtures("shipped")

ROW = [
    "id", "slug", "url", "html_url", "kind", "scope", "name", "names", "status", "proposed_at", "evidence", "schedule",
    "themes", "parties", "replaced_by", "created_at", "updated_at", "serial",
]  # fmt: skip
UPDATE = {
    "id", "initiative", "status", "changes_status", "date", "meeting", "meeting_role", "party", "summary", "certainty",
    "citations", "corrects", "corrected_by", "recorded_at", "serial",
}  # fmt: skip
MEETING = {
    "id", "slug", "url", "html_url", "series", "ordinal", "name", "names", "start", "end", "place", "country", "format",
    "theme", "state", "documents", "participants", "initiatives", "previous", "next_in_series", "citations",
    "updated_at", "serial",
}  # fmt: skip


def test_a_row_of_initiatives_has_exactly_the_keys_of_the_contract(read):
    for row in read("initiatives/", {"limit": 200})["results"]:
        assert list(row) == ROW
        assert list(row["status"]) == ["value", "label", "since", "meeting"]
        assert list(row["evidence"]) == ["value", "label", "sources"]
        assert list(row["schedule"]) == ["value", "label", "due", "stale", "last_heard"]
        assert all(list(name) == ["language", "text", "kind"] for name in row["names"])
        assert all(list(party) == ["code", "role"] for party in row["parties"])


def test_the_patent_organisation_reads_as_its_page_does(read):
    ptpo = read("initiatives/ptpo/")

    assert set(ROW) | {"summary", "status_updates", "relations", "citations"} <= set(ptpo)
    assert ptpo["kind"] == {"value": "institution", "label": "institution"}
    assert ptpo["status"]["value"] == "under_discussion"
    assert ptpo["status"]["since"] == {
        "value": "2025-08",
        "precision": "month",
        "basis": ptpo["status"]["since"]["basis"],
        "display": "August 2025",
    }
    assert ptpo["proposed_at"]["slug"] == "isti-2"
    assert ptpo["name"]["az"] == "Ümumtürk Patent Təşkilatı"
    assert ptpo["schedule"]["stale"] is True


def test_all_initiatives_all_meetings_all_rows_are_there(read):
    counts = {name: read(f"{name}/", {"count": "true", "limit": 1})["count"] for name in ("initiatives", "meetings", "status-updates")}

    assert counts == {"initiatives": 45, "meetings": 87, "status-updates": 104}


def test_a_row_of_history_says_what_when_where_and_how_we_know(everything):
    rows = everything("status-updates/?limit=200")

    assert len(rows) == 104
    assert all(set(row) >= UPDATE for row in rows)
    assert all(row["date"]["value"] and row["citations"] and row["recorded_at"].endswith("Z") for row in rows)
    assert all({"source", "locator", "quotation"} <= set(citation) for row in rows for citation in row["citations"])


def test_a_row_changes_the_status_exactly_where_a_step_says_so(everything):
    steps = set(Step.objects.values_list("update_id", flat=True))

    assert {row["id"] for row in everything("status-updates/?limit=200") if row["changes_status"]} == steps


def test_the_history_in_a_detail_is_the_history_of_the_list(read, everything):
    for slug in ("tif", "ptpo"):
        rows = everything(f"status-updates/?initiative={slug}&sort=date")
        assert read(f"initiatives/{slug}/")["status_updates"] == rows


def test_a_meeting_stands_between_its_neighbours_with_what_came_up(read):
    meeting = read("meetings/isti-2/")

    assert set(meeting) >= MEETING
    assert (meeting["state"]["value"], meeting["country"], meeting["place"]) == ("held", "az", "Baku")
    assert meeting["next_in_series"]["slug"] == "isti-3"
    assert meeting["next_in_series"]["start"]["precision"] == "year"
    assert meeting["previous"]["state"]["value"] == "held"
    assert [document["slug"] for document in meeting["documents"]] == ["isti-2-declaration"]
    assert {"slug", "role", "status"} <= set(meeting["initiatives"][0])
    assert "ptpo" in {row["slug"] for row in meeting["initiatives"]}
    assert meeting["participants"][0]["party"]


def test_every_neighbour_agrees_with_its_own_neighbour(everything):
    meetings = {meeting["slug"]: meeting for meeting in everything("meetings/?limit=200")}

    for slug, meeting in meetings.items():
        after = meeting["next_in_series"]
        assert after is None or meetings[after["slug"]]["previous"]["slug"] == slug
    ends = [meeting for meeting in meetings.values() if meeting["next_in_series"] is None]
    assert len(ends) == len({meeting["series"] for meeting in meetings.values()})


def test_the_initiatives_of_a_meeting_are_those_whose_history_names_it(everything):
    for meeting in everything("meetings/?limit=200"):
        rows = StatusUpdate.objects.public().filter(meeting=Meeting.objects.get(slug=meeting["slug"]))
        assert {row["slug"] for row in meeting["initiatives"]} == set(rows.values_list("initiative__slug", flat=True))


def test_a_provision_is_found_by_document_and_code(read):
    provision = read("provisions/isti-2-declaration/technology-platform/")

    assert provision["html_url"].endswith("/documents/isti-2-declaration/#technology-platform")
    assert (provision["document"], provision["force"]["value"]) == ("isti-2-declaration", "proposal")
    assert provision["initiatives"][0]["slug"] == "tech-platform"
    assert provision["reported"] is True
    assert provision == read(f"provisions/{provision['id']}/")


def test_a_document_brings_its_provisions_and_a_list_does_when_asked(read):
    document = read("documents/isti-2-declaration/")
    row = read("documents/", {"meeting": "isti-2", "include": "provisions"})["results"][0]

    assert len(document["provisions"]) == 5
    assert row == document
    assert "provisions" not in read("documents/", {"meeting": "isti-2"})["results"][0]


def test_a_body_lists_its_members_and_a_state_its_memberships(read):
    ots, turkmenistan = read("parties/ots/"), read("parties/tm/")

    assert {row["member"] for row in ots["members"] if row["role"]["value"] == "member"} == {"az", "kz", "kg", "tr", "uz"}
    assert {row["body"]: row["role"]["value"] for row in turkmenistan["memberships"]} == {"ots": "observer", "tcci": "member"}


def test_a_record_is_found_by_its_number_too(read):
    for path in ("initiatives/tif/", "meetings/isti-2/", "parties/kg/", "themes/digital/", "series/isti/"):
        by_name = read(path)
        assert read(f"{path.split('/')[0]}/{by_name['id']}/") == by_name


@pytest.mark.parametrize(
    ("question", "condition"),
    [
        ("status=signed&status=in_force", {"status__in": ["signed", "in_force"]}),
        ("kind=fund", {"kind": "fund"}),
        ("scope=national", {"scope": "national"}),
        ("evidence=corroborated", {"evidence": "corroborated"}),
        ("theme=digital&scope=ots", {"themes__slug": "digital", "scope": "ots"}),
    ],
)
def test_filters_mean_what_they_say(everything, question, condition):
    expected = Initiative.objects.public().filter(**condition).values_list("slug", flat=True)

    assert {row["slug"] for row in everything(f"initiatives/?{question}")} == set(expected)
    assert expected


def test_as_of_tells_the_status_of_that_day(read):
    now, then = read("initiatives/tif/"), read("initiatives/tif/?as_of=2022-01-01")

    assert then["status"]["value"] == "agreed"
    assert then["status"]["since"]["value"] == "2021-11-12"
    assert then["status"]["meeting"]["slug"] == "ots-summit-8"
    assert now["status"]["value"] != "agreed"
    assert then["status_updates"] == [row for row in now["status_updates"] if row["date"]["value"] < "2022"]


def test_as_of_in_a_list_agrees_with_as_of_on_the_record(read, everything):
    rows = everything("initiatives/?as_of=2022-01-01&limit=200&include=status_updates")

    assert 0 < len(rows) < 45
    for row in rows:
        detail = read(f"initiatives/{row['slug']}/", {"as_of": "2022-01-01"})
        assert (row["status"], row["schedule"], row["status_updates"]) == (
            detail["status"],
            detail["schedule"],
            detail["status_updates"],
        )


def test_a_record_whose_history_had_not_begun_is_not_there_yet(get):
    response = get("initiatives/tif/?as_of=1999-12-31")

    assert response.status_code == 404
    assert "1999-12-31" in response.json()["detail"]


def test_the_ladder_is_told_with_its_rules(read):
    ladder = read("vocabularies/status/")["values"]

    assert [step["value"] for step in ladder] == [str(status) for status in Status]
    assert all(step["definition"] and step["color"] for step in ladder)
    assert "fund" not in next(step for step in ladder if step["value"] == "in_force")["kinds"]
    assert {step["value"] for step in ladder if step["final"]} == {"completed", "withdrawn", "superseded"}


def test_every_value_met_anywhere_stands_in_a_vocabulary(read, everything):
    known = {vocabulary["name"]: {term["value"] for term in vocabulary["values"]} for vocabulary in read("vocabularies/")["results"]}

    assert known["kind"] == {str(kind) for kind in Kind}
    assert {row["kind"]["value"] for row in everything("sources/?limit=200&fields=kind")} <= known["source_kind"]
    assert {row["certainty"]["value"] for row in everything("status-updates/?limit=200")} <= known["certainty"]


def test_labels_and_definitions_follow_the_language_and_values_do_not(read):
    english, russian = (read("vocabularies/kind/", {"lang": lang}) for lang in ("en", "ru"))

    assert [term["value"] for term in english["values"]] == [term["value"] for term in russian["values"]]


def test_the_index_leads_to_every_resource(read):
    index = read("")

    for address in index["resources"].values():
        assert read(address.removeprefix("http://testserver"))
    assert read(index["openapi"].removeprefix("http://testserver"))["openapi"].startswith("3.1")


def test_every_address_given_leads_somewhere(everything, get):
    addresses = set()

    def collect(value):
        if isinstance(value, dict):
            addresses.update(value[key] for key in ("url", "html_url") if key in value)
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                collect(part)

    collect(everything("initiatives/?limit=200&include=provisions,citations&theme=digital"))
    collect(everything("meetings/?series=isti"))

    for address in sorted(addresses):
        assert get(address.removeprefix("http://testserver").partition("#")[0]).status_code == 200, address


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("api: initiatives", "initiatives/?limit={}"),
        (
            "api: initiatives with everything",
            "initiatives/?limit={}&include=summary,status_updates,relations,provisions,conflicts,citations",
        ),
        ("api: initiatives as of a day", "initiatives/?limit={}&as_of=2024-06-01"),
        ("api: status updates", "status-updates/?limit={}"),
        ("api: meetings", "meetings/?limit={}"),
        ("api: meetings with everything", "meetings/?limit={}&include=status_updates,provisions"),
        ("api: series with meetings", "series/?limit={}&include=meetings"),
        ("api: documents with provisions", "documents/?limit={}&include=provisions"),
        ("api: provisions", "provisions/?limit={}"),
        ("api: parties", "parties/?limit={}"),
        ("api: themes", "themes/?limit={}"),
        ("api: sources", "sources/?limit={}"),
        ("api: changes", "changes/?limit={}"),
    ],
)
def test_a_list_takes_no_more_queries_however_long_it_is(read, budget, name, path):
    for limit in (5, 200):
        with budget(name):
            read(path.format(limit))


@pytest.mark.parametrize(
    ("name", "path"),
    [("api: initiative", "initiatives/tif/"), ("api: meeting", "meetings/isti-2/"), ("api: party", "parties/ots/")],
)
def test_one_record_stays_within_its_budget(read, budget, name, path):
    with budget(name):
        read(path)
