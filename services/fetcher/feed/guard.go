package feed

import "fmt"

// guard refuses documents that would make an XML parser use a stack, memory or time out of proportion: elements nested
// millions deep overflow the stack, which no recover catches, and many namespaces in force cost time by their square.
func guard(text []byte, l Limits) error {
	inForce := make([]int, 1, l.Depth+1)
	for t := range tags(text) {
		depth := len(inForce) - 1
		switch {
		case t.end-t.start > l.Tag:
			return fmt.Errorf("%w: a tag of %d bytes (limit %d)", ErrHostile, t.end-t.start, l.Tag)
		case t.attributes > l.Attributes:
			return fmt.Errorf("%w: a tag of %d attributes (limit %d)", ErrHostile, t.attributes, l.Attributes)
		case inForce[depth]+t.namespaces > l.Namespaces:
			return fmt.Errorf("%w: %d namespaces in force (limit %d)", ErrHostile, inForce[depth]+t.namespaces, l.Namespaces)
		case t.closes:
			inForce = inForce[:max(depth, 1)]
		case t.self || t.open:
		case depth >= l.Depth:
			return fmt.Errorf("%w: elements nested more than %d deep", ErrHostile, l.Depth)
		default:
			inForce = append(inForce, inForce[depth]+t.namespaces)
		}
	}
	return nil
}
