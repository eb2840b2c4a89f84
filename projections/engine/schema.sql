create schema if not exists readmodel;

create table if not exists readmodel.projection (
    name          text primary key,
    position      bigint not null,
    -- goes up when the set of parked streams changes, so that an engine that
    -- remembers an older set cannot write
    edition       bigint not null,
    schema_digest text not null,
    updated_at    timestamptz not null
);
-- whether it has the indexes that only queries need: not while it is first filled
alter table readmodel.projection add column if not exists indexed boolean not null default true;
-- how many facts the log holds up to counted_at; it counts only while that is the
-- position: a program that does not count moves the position alone
alter table readmodel.projection add column if not exists facts bigint;
alter table readmodel.projection add column if not exists counted_at bigint;
update readmodel.projection set facts = 0, counted_at = 0 where position = 0 and counted_at is distinct from 0;
-- id of the event at the position: the log is the right one while it has this
-- event there; '' while nobody has noted it
alter table readmodel.projection add column if not exists event_id text not null default '';

create table if not exists readmodel.parked (
    projection text not null,
    stream     text not null,
    position   bigint not null,
    revision   bigint not null,
    event_id   text not null,
    event_name text not null,
    error      text not null,
    since      timestamptz not null,
    primary key (projection, stream)
);

-- every fact that waits: the one that failed and those of its stream after it
create table if not exists readmodel.parked_fact (
    projection text not null,
    stream     text not null,
    position   bigint not null,
    primary key (projection, stream, position)
);

-- advance moves a checkpoint from where the writer saw it, or ends the
-- transaction: an error, because the writer sends everything in one go and could
-- not look at a row count before the commit; more is how many facts of the log it
-- passes
create or replace function readmodel.advance(
    projection text, seen bigint, seen_edition bigint, next bigint, next_edition bigint, at timestamptz, more bigint, event text
) returns void language plpgsql as $$
begin
    update readmodel.projection p set position = next, edition = next_edition, updated_at = at, event_id = event,
           facts = case when p.counted_at = p.position then p.facts + more end, counted_at = next
     where p.name = projection and p.position = seen and p.edition = seen_edition;
    if not found then
        raise exception 'the checkpoint of % is not where it was seen', projection using errcode = 'JK001';
    end if;
end $$;

-- the same for a program that knows neither of the counting nor of the event's id
create or replace function readmodel.advance(
    projection text, seen bigint, seen_edition bigint, next bigint, next_edition bigint, at timestamptz
) returns void language plpgsql as $$
begin
    update readmodel.projection p set position = next, edition = next_edition, updated_at = at, event_id = ''
     where p.name = projection and p.position = seen and p.edition = seen_edition;
    if not found then
        raise exception 'the checkpoint of % is not where it was seen', projection using errcode = 'JK001';
    end if;
end $$;

-- facts that somebody decided to leave out of a projection for good; kept for
-- ever, and honoured by every rebuild
create table if not exists readmodel.skipped (
    projection text not null,
    position   bigint not null,
    stream     text not null,
    revision   bigint not null,
    event_id   text not null,
    event_name text not null,
    error      text not null,
    since      timestamptz not null,
    reason     text not null,
    skipped_by text not null,
    skipped_at timestamptz not null,
    primary key (projection, position)
);

-- which process writes a projection now; only to spare work and noise, for it is
-- advance that keeps a second writer from having any effect
create table if not exists readmodel.lease (
    projection text primary key,
    holder     text not null,
    until      timestamptz not null
);
