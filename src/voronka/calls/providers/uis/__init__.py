"""UIS, CoMagic, CallGear: notifications by templates that we define."""
