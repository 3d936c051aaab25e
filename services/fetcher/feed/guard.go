package feed

import "fmt"

// guard refuses documents that would make an XML parser use a stack, memory or time out of proportion: elements nested
// millions deep overflow the stack, which no recover catches, and many namespaces in force cost time by their square.
// parts follow each other in the document.
func guard(l Limits, parts ...[]byte) error {
	inForce := make([]int, 1, l.Depth+1)
	for _, text := range parts {
		for t := range tags(text) {
			if err := l.refuse(t, inForce); err != nil {
				return err
			}
			depth := len(inForce) - 1
			switch {
			case t.closes:
				inForce = inForce[:max(depth, 1)]
			case t.self || t.open:
			default:
				inForce = append(inForce, inForce[depth]+t.namespaces)
			}
		}
	}
	return nil
}

// refuse returns why a tag may not stand where inForce has the namespaces in force at each level above it.
func (l Limits) refuse(t tag, inForce []int) error {
	depth := len(inForce) - 1
	switch {
	case t.end-t.start > l.Tag:
		return fmt.Errorf("%w: a tag of %d bytes (limit %d)", ErrHostile, t.end-t.start, l.Tag)
	case t.attributes > l.Attributes:
		return fmt.Errorf("%w: a tag of %d attributes (limit %d)", ErrHostile, t.attributes, l.Attributes)
	case inForce[depth]+t.namespaces > l.Namespaces:
		return fmt.Errorf("%w: %d namespaces in force (limit %d)", ErrHostile, inForce[depth]+t.namespaces, l.Namespaces)
	case depth >= l.Depth && !t.closes && !t.self && !t.open:
		return fmt.Errorf("%w: elements nested more than %d deep", ErrHostile, l.Depth)
	}
	return nil
}
