// Package article answers what an item of a feed is: which key tells it apart from the feed's other items, which article
// it is (the same one in every feed that carries its link), and whether it says something new.
//
// It is pure: text and addresses in, values out. Hashes are messages.Hash.
package article
