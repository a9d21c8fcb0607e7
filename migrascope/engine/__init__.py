"""The rule language, its three-valued evaluation, waivers and gaps."""
