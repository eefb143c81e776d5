"""The page that staff see in place of a blocked one, as the sinkhole serves it."""
