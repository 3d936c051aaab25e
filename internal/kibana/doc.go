// Package kibana makes what analysts see in Kibana: data views, saved searches and dashboards, as the saved objects that
// Kibana imports. They are generated from the mapping of the indices, so that no panel asks for a field that is not there
// or counts what cannot be counted; deploy/kibana/tocsin.ndjson is what Objects returns for the default names, and a test
// holds the two equal. Nobody edits that file by hand.
//
// The objects have the shape that Kibana 8.8 wrote, the oldest there is in use, and later versions migrate on import. One
// thing in them needs 8.9: lists in the order of how unusual a name is (significant terms); 8.8 shows an error in those
// panels and everything else. Drilldowns are those to dashboards, which every licence has.
//
// Ids are fixed: importing again replaces what was imported, and links between dashboards can be written down.
package kibana
