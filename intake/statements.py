"""SQL of this app that several modules share or that is long: what each statement takes and returns.

`%s` is a list of texts, unless the comment says otherwise. The condition of a partial unique index stands in its own
words, `NOT (email = '')`:
of a list of more than 100 values PostgreSQL does not see by itself that none is empty, and would read the whole table.
"""

from __future__ import annotations

# E-mail addresses -> (address, id) of the leads that have them today.
LEADS_BY_EMAIL = """
SELECT email, id FROM leads_lead
WHERE email = ANY(%s::text[]) AND NOT (email = '') AND merged_into_id IS NULL
"""

# External ids -> (external id, id) of the leads that have them today.
LEADS_BY_EXTERNAL_ID = """
SELECT external_id, id FROM leads_lead
WHERE external_id = ANY(%s::text[]) AND NOT (external_id = '') AND merged_into_id IS NULL
"""

# Keys of a source (source, keys) -> (key, lead, type, instant, object, properties) of what is stored under them.
KNOWN_ACTIVITIES = """
SELECT known.key, activity.lead_id, activity.type_id, activity.occurred_at, activity.object, activity.properties
FROM leads_activitykey AS known
JOIN leads_activity AS activity ON activity.id = known.activity_id AND activity.occurred_at = known.occurred_at
WHERE known.source = %s AND known.key = ANY(%s::text[])
"""

# Ids of browsers -> (browser, id of its lead).
LEADS_BY_VISITOR = "SELECT key, lead_id FROM leads_visitor WHERE key = ANY(%s::text[])"

# Names that a merged lead had -> (name, id of the lead that stands for the person today), along the merges; of several
# leads that had the name the newest counts.
_LEADS_BY_FORMER_NAME = """
WITH RECURSIVE trail AS (
    SELECT {column} AS name, id, merged_into_id AS here FROM leads_lead
    WHERE {column} = ANY(%s::text[]) AND NOT ({column} = '') AND NOT (merged_into_id IS NULL)
    UNION
    SELECT trail.name, trail.id, lead.merged_into_id
    FROM trail JOIN leads_lead AS lead ON lead.id = trail.here WHERE lead.merged_into_id IS NOT NULL
)
SELECT DISTINCT ON (trail.name) trail.name, lead.id FROM trail JOIN leads_lead AS lead ON lead.id = trail.here
WHERE lead.merged_into_id IS NULL ORDER BY trail.name, trail.id DESC
"""
# The same for e-mail addresses, and for other addresses of a lead; takes the texts twice more.
LEADS_BY_FORMER_EMAIL = """
SELECT DISTINCT ON (name) name, id FROM (
    SELECT former.name, former.id FROM (former_names) AS former
    UNION ALL
    SELECT other.email, lead.id FROM leads_lead AS lead, unnest(lead.other_emails) AS other(email)
    WHERE lead.other_emails && %s::varchar[] AND other.email = ANY(%s::text[]) AND lead.merged_into_id IS NULL
) AS known ORDER BY name, id
""".replace("former_names", _LEADS_BY_FORMER_NAME.format(column="email"))
LEADS_BY_FORMER_EXTERNAL_ID = _LEADS_BY_FORMER_NAME.format(column="external_id")

# E-mail addresses, external ids -> ids of the leads that have one of them today.
LEAD_IDS_BY_NAME = """
SELECT id FROM leads_lead WHERE merged_into_id IS NULL AND email <> '' AND email = ANY(%s)
UNION
SELECT id FROM leads_lead WHERE merged_into_id IS NULL AND external_id <> '' AND external_id = ANY(%s)
"""

# Names, telephone numbers -> ids of the leads that have one of the names, or no name and one of the numbers.
LEAD_IDS_OF_PEOPLE = """
SELECT id FROM leads_lead WHERE NOT is_anonymous AND merged_into_id IS NULL AND name <> '' AND name = ANY(%s)
UNION
SELECT id FROM leads_lead WHERE NOT is_anonymous AND merged_into_id IS NULL AND name = '' AND phone = ANY(%s)
"""

# Ids, id of an import -> those whose history has a change by a person, the API or another import; `table` is the event
# table of leads or companies.
EDITED_SINCE = """
SELECT DISTINCT pgh_obj_id FROM {table}
WHERE pgh_obj_id = ANY(%s) AND pgh_label = 'update'
  AND (pgh_context -> 'user' <> 'null' OR pgh_context ->> 'url' <> '' OR pgh_context ? 'import')
  AND pgh_context -> 'import' IS DISTINCT FROM to_jsonb(%s)
"""

# The three temporary tables of a rehearsal, and their end.
OPEN_REHEARSAL = """
CREATE TEMP TABLE rehearsed_lead (
    id bigint PRIMARY KEY, email text, external_id text, name text, phone text, state text
);
CREATE INDEX ON rehearsed_lead (email);
CREATE INDEX ON rehearsed_lead (external_id);
CREATE INDEX ON rehearsed_lead (name);
CREATE TEMP TABLE rehearsed_company (id bigint PRIMARY KEY, key text, state text);
CREATE INDEX ON rehearsed_company (key);
CREATE TEMP TABLE rehearsed_key (key text PRIMARY KEY);
"""
CLOSE_REHEARSAL = "DROP TABLE IF EXISTS pg_temp.rehearsed_lead, pg_temp.rehearsed_company, pg_temp.rehearsed_key"

# Texts in small letters without space, digits -> ids of the rows (of the imports) whose words have one of them.
_ABOUT = """
SELECT id FROM (
    SELECT id, regexp_replace(lower(normalize({words}, NFKC)), '\\s', '', 'g') AS words FROM {table} WHERE {where}
) AS spoken
WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS text WHERE position(text in words) > 0)
    OR EXISTS (SELECT FROM unnest(%s::text[]) AS number
               WHERE position(number in regexp_replace(words, '[^0-9]', '', 'g')) > 0)
"""
ROWS_ABOUT = _ABOUT.format(
    words="coalesce(cells::text, '') || problems::text", table="intake_importrow",
    where="cells IS NOT NULL OR problems <> '[]'",
)  # fmt: skip
REHEARSED_ABOUT = _ABOUT.format(words="cells::text || problems::text", table="intake_rehearsedrow", where="true")
KEPT_ABOUT = _ABOUT.format(words="key || raw::text", table="intake_keptevent", where="true")
SUMMARIES_ABOUT = _ABOUT.format(words="summary::text", table="intake_leadimport", where="true")

# Keeps events back that do not wait already under their key; returns (key, id) of those that were kept.
# Keys go in their order, so that two batches with common keys wait for each other instead of deadlocking.
KEEP_EVENTS = """
INSERT INTO intake_keptevent
    (door_id, receipt_id, key, received_at, occurred_at, raw, is_whole, is_part, state, lead_id, activity_id)
SELECT %(door)s, %(receipt)s, key, %(now)s, occurred_at, raw::jsonb, is_whole, is_part, 'open', lead_id, activity_id
FROM unnest(%(keys)s::text[], %(times)s::timestamptz[], %(rows)s::text[], %(whole)s::boolean[], %(parts)s::boolean[],
            %(leads)s::bigint[], %(activities)s::bigint[])
     AS row(key, occurred_at, raw, is_whole, is_part, lead_id, activity_id)
ORDER BY key
ON CONFLICT (door_id, key) WHERE state = 'open' DO NOTHING RETURNING key, id
"""

# Makes the groups that nobody has made yet; returns (id, kind, field) of all that were asked for.
GROUPS_OF = """
WITH asked AS (
    SELECT DISTINCT kind, field FROM unnest(%(kinds)s::text[], %(fields)s::text[]) AS row(kind, field)
), made AS (
    INSERT INTO intake_keptgroup (door_id, kind, field, decision)
    SELECT %(door)s, kind, field, '' FROM asked
    WHERE NOT EXISTS (SELECT FROM intake_keptgroup AS known WHERE known.door_id = %(door)s
                      AND known.kind = asked.kind AND known.field = asked.field)
    ORDER BY kind, field
    ON CONFLICT DO NOTHING RETURNING id, kind, field
)
SELECT id, kind, field FROM made
UNION
SELECT known.id, known.kind, known.field
FROM intake_keptgroup AS known JOIN asked ON known.kind = asked.kind AND known.field = asked.field
WHERE known.door_id = %(door)s
"""

# Settles events that wait: `ids` become `state`. Their receipts count them there from now on: taken in by a repair,
# or as what came twice. Its row count says how many receipts changed.
SETTLE_EVENTS = """
WITH settled AS (
    UPDATE intake_keptevent SET state = %(state)s, settled_at = %(now)s
    WHERE id = ANY(%(ids)s::bigint[]) AND state = 'open' RETURNING id, receipt_id, is_part
), closed AS (
    UPDATE intake_keptfault SET is_open = false FROM settled WHERE event_id = settled.id
), counted AS (
    SELECT receipt_id, count(*) AS events FROM settled
    WHERE NOT is_part AND %(state)s IN ('taken', 'twice') GROUP BY receipt_id
)
UPDATE intake_batchreceipt AS receipt SET
    kept_back = kept_back - events,
    taken = taken + CASE WHEN %(state)s = 'taken' THEN events ELSE 0 END,
    repaired = repaired + CASE WHEN %(state)s = 'taken' THEN events ELSE 0 END,
    twice = twice + CASE WHEN %(state)s = 'twice' THEN events ELSE 0 END
FROM counted WHERE receipt.id = counted.receipt_id
"""

# Counts events that wait as filtered instead of kept back, in their receipts.
DROP_EVENTS = """
UPDATE intake_batchreceipt AS receipt SET kept_back = kept_back - events, filtered = filtered + events
FROM (SELECT receipt_id, count(*) AS events FROM intake_keptevent
      WHERE id = ANY(%(ids)s::bigint[]) AND state = 'open' AND NOT is_part GROUP BY receipt_id) AS counted
WHERE receipt.id = counted.receipt_id
"""

# Gives leads (ids, sources, campaigns) a source and a campaign where they have no source yet; locked in their order.
FILL_FIRST_TOUCH = """
WITH given AS (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS row(lead_id, source_id, campaign)
), unsourced AS MATERIALIZED (
    SELECT id FROM leads_lead
    WHERE id IN (SELECT lead_id FROM given) AND source_id IS NULL AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE
)
UPDATE leads_lead SET source_id = given.source_id,
    campaign = CASE WHEN leads_lead.campaign = '' THEN given.campaign ELSE leads_lead.campaign END
FROM given JOIN unsourced ON unsourced.id = given.lead_id WHERE leads_lead.id = given.lead_id
"""

# What waits, by group: (group, number, first, last, today, newest event, numbers of the 7 days that end now, the oldest
# first). `since` is the beginning of the reader's day. One pass over the index of open faults.
OPEN_GROUPS = """
SELECT group_id, count(*), min(received_at), max(received_at), count(*) FILTER (WHERE received_at >= %(since)s),
       max(event_id), ARRAY[{days}]
FROM intake_keptfault WHERE is_open GROUP BY group_id
""".format(
    days=", ".join(
        f"count(*) FILTER (WHERE received_at > %(now)s::timestamptz - interval '{day} days'"
        f" AND received_at <= %(now)s::timestamptz - interval '{day - 1} days')"
        for day in range(7, 0, -1)
    )
)

# What came through each door in a period: (door, received, taken, twice, filtered, kept back, repaired, last). Doors
# through which nothing came are there with zeros; `last` is of all time.
DOOR_NUMBERS = """
SELECT door.id, coalesce(sum(received), 0), coalesce(sum(taken), 0), coalesce(sum(twice), 0),
       coalesce(sum(filtered), 0), coalesce(sum(kept_back), 0), coalesce(sum(repaired), 0),
       (SELECT max(at) FROM intake_batchreceipt AS latest WHERE latest.door_id = door.id)
FROM intake_door AS door
LEFT JOIN intake_batchreceipt AS receipt ON receipt.door_id = door.id AND at >= %(begin)s AND at < %(end)s
GROUP BY door.id ORDER BY 2 DESC, door.id
"""

# How much would have come through each door since something last did, by the same hours of the four weeks before:
# (door, last, expected). A week before the door was there counts for nothing and is not divided by.
EXPECTED_SINCE = """
SELECT door.id, latest.at, coalesce(round(sum(came.received) / count(*) FILTER (WHERE came.is_known)), 0)
FROM intake_door AS door
CROSS JOIN LATERAL (SELECT max(at) AS at FROM intake_batchreceipt WHERE door_id = door.id) AS latest
CROSS JOIN LATERAL (
    SELECT door.first_seen_at < latest.at - week * interval '7 days' AS is_known,
           (SELECT coalesce(sum(receipt.received), 0) FROM intake_batchreceipt AS receipt
            WHERE receipt.door_id = door.id AND receipt.at > latest.at - week * interval '7 days'
                  AND receipt.at <= %(now)s::timestamptz - week * interval '7 days') AS received
    FROM generate_series(1, 4) AS week
) AS came
WHERE latest.at IS NOT NULL GROUP BY door.id, latest.at HAVING bool_or(came.is_known)
"""

# Groups in which more came in the last hour than `times` as many as in the same hour of the four weeks before, and at
# least `least`: (group, number of the hour). What waits and what was settled since count alike.
RISING_GROUPS = """
SELECT group_id, count(*) FILTER (WHERE received_at > %(now)s::timestamptz - interval '1 hour') AS latest
FROM intake_keptfault
WHERE received_at <= %(now)s AND received_at > %(now)s::timestamptz - interval '28 days 1 hour'
    AND extract(epoch FROM %(now)s::timestamptz - received_at)::bigint %% 604800 < 3600
GROUP BY group_id
HAVING count(*) FILTER (WHERE received_at > %(now)s::timestamptz - interval '1 hour') >= %(least)s
    AND count(*) FILTER (WHERE received_at > %(now)s::timestamptz - interval '1 hour') > %(times)s / 4.0
        * count(*) FILTER (WHERE received_at <= %(now)s::timestamptz - interval '1 hour')
"""

# The newest that came through doors, taken in or kept back: (instant, source, key, type, object, lead, activity, kept
# event). Of what was taken in only the newest keys are read; a source that is not among them shows nothing.
TAIL = """
SELECT * FROM (
    (SELECT activity.received_at AS at, known.source, known.key, type.code AS type, activity.object,
            activity.lead_id, activity.id AS activity, NULL::bigint AS event
     FROM (SELECT * FROM leads_activitykey ORDER BY id DESC LIMIT 5000) AS known
     JOIN leads_activity AS activity ON activity.id = known.activity_id AND activity.occurred_at = known.occurred_at
     JOIN leads_activitytype AS type ON type.id = activity.type_id
     WHERE known.source = ANY(%(sources)s) AND %(taken)s ORDER BY known.id DESC LIMIT %(most)s)
    UNION ALL
    (SELECT event.received_at, door.source, event.key, coalesce(event.raw ->> 'type', ''),
            coalesce(event.raw ->> 'object', ''), event.lead_id, NULL, event.id
     FROM intake_keptevent AS event JOIN intake_door AS door ON door.id = event.door_id
     WHERE door.source = ANY(%(sources)s) AND %(kept)s AND event.state = 'open' AND NOT event.is_part
     ORDER BY event.id DESC LIMIT %(most)s)
) AS newest ORDER BY at DESC LIMIT %(most)s
"""

# Activity types of the last days: (type, source, number, first, last). A scan of the newest months.
SEEN_TYPES = """
SELECT type_id, source, count(*), min(occurred_at), max(occurred_at) FROM leads_activity
WHERE occurred_at >= %(since)s AND occurred_at <= %(now)s GROUP BY type_id, source
"""

# Properties of the newest activities, at most `most`: (type, name, number, number of the type, kinds of its values,
# first, last).
SEEN_PROPERTIES = """
WITH newest AS (
    SELECT activity.type_id, activity.occurred_at, activity.properties
    FROM (SELECT activity_id, occurred_at FROM leads_activitykey ORDER BY id DESC LIMIT %(most)s) AS known
    JOIN leads_activity AS activity ON activity.id = known.activity_id AND activity.occurred_at = known.occurred_at
    WHERE jsonb_typeof(activity.properties) = 'object'
), sizes AS (
    SELECT type_id, count(*) AS size FROM newest GROUP BY type_id
)
SELECT newest.type_id, property.key, count(*), min(sizes.size), array_agg(DISTINCT jsonb_typeof(property.value)),
       min(newest.occurred_at), max(newest.occurred_at)
FROM newest JOIN sizes ON sizes.type_id = newest.type_id CROSS JOIN LATERAL jsonb_each(newest.properties) AS property
WHERE property.value NOT IN ('null'::jsonb, '""'::jsonb) GROUP BY newest.type_id, property.key ORDER BY 3 DESC, 2
"""
