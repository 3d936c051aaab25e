// Package deploy tests what lies in the folder deploy: that every overlay renders, is valid against the API of its
// cluster and keeps the house's policies; that Compose's file and the images work as they stand; and that a NATS server
// with the rights of deploy/nats lets every program do its work and nothing else.
package deploy
