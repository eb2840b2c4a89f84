-- The key that wraps all others, by its fingerprint only; one row.
create table vault.wrapping_key (
	one      boolean primary key default true check (one),
	kek      text not null,
	since    timestamptz not null
);

-- Keys of the vault itself, wrapped: "nip-index" for the blind index of NIPs.
create table vault.own_key (
	name     text primary key,
	wrapped  bytea not null
);

-- One key per person and record class. A destroyed key leaves its row, so that
-- nobody makes a new one, and so that readers know the text is gone, not lost.
create table vault.person_key (
	subject   text not null,
	class     text not null,
	wrapped   bytea,
	made      timestamptz not null,
	destroyed timestamptz,
	primary key (subject, class),
	check ((wrapped is null) = (destroyed is not null))
);

-- Sealed texts by the digest that stands in the event.
create table vault.text (
	digest     text primary key,
	subject    text not null,
	class      text not null,
	ciphertext bytea,
	made       timestamptz not null,
	foreign key (subject, class) references vault.person_key
);
create index text_by_key on vault.text (subject, class);

-- Sealed files by the digest that stands in the event.
create table vault.file (
	digest     text primary key,
	subject    text not null,
	class      text not null,
	media_type text not null,
	ciphertext bytea,
	made       timestamptz not null,
	foreign key (subject, class) references vault.person_key
);
create index file_by_key on vault.file (subject, class);
-- Ciphertext does not compress.
alter table vault.file alter column ciphertext set storage external;

-- Who people are. The index finds a person by NIP without telling the NIP.
create table vault.identity (
	subject    text primary key,
	ciphertext bytea not null,
	nip_index  bytea unique,
	changed    timestamptz not null
);
