// Package vault keeps what is personal: names, NIPs, contacts, free texts and
// files, each under a key of the person it is about. Events hold digests only,
// so when a key is destroyed the ledger stays whole and the text is gone.
//
//	KEK (a file outside the database)
//	 └─ wraps one AES-256-GCM keyset per person and record class
//	     │   "identity"      who the person is
//	     │   "work-<year>"   texts and files of one year
//	     └─ encrypts texts, files and the identity
//
// Every text gets 16 random bytes of salt. Its digest, the domain.Sealed in the
// event, is base64url(SHA-256(base64url(JCS([salt, field, text])))), the form of
// SD-JWT disclosures: it binds the text and, while the salt is secret, tells
// nothing about it. The ciphertext is bound to digest, person and class, so it
// cannot be moved; the digest is checked again after decryption.
//
// A database dump without the KEK is unreadable, and a destroyed key is gone from
// every dump that is younger than the destruction. Older dumps still hold it:
// backups of the schema vault must be short-lived (see docs/runbook.md).
package vault
