// Package fetcher decides when to poll a feed, finds what is new in it and publishes one RawArticle per item revision.
//
// One due poll is one message: its body is the feed's id, and Handle does everything that follows, in an order that
// survives being killed anywhere:
//
//  1. claim the feed's state (compare-and-set, with a deadline)
//  2. conditional GET, parse, find the items whose key and content were not seen before
//  3. for each: claim the article (compare-and-set in the bucket articles, which fixes first_seen and revision),
//     fetch its page, publish, mark it published
//  4. publish the PollReport and what changed about the feed
//  5. commit the feed's state (validators, seen items, next poll)
//  6. schedule the next poll
//  7. return nil, and only then the due message is acknowledged
//
// "Seen" is committed only after every publish was acknowledged. A poll that dies between two steps is handled again from
// its due message; articles that were already published are recognised by their state and are neither fetched nor
// published twice. Reconcile compares the states with the clock and schedules again whatever fell through.
//
// An article belongs to the feed that brought it first: only that feed's edits make a new revision. Another feed that
// carries the same link is counted as a duplicate, because two feeds of one paper routinely summarise the same article
// differently, and each poll of either would otherwise revise it.
//
// The core knows neither the bus nor HTTP: main hands Handle to the bus and gives the core the small interfaces below.
package fetcher
