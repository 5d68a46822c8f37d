from insights.actions.demo_load import DemoError, run_demo_step, start_demo
from insights.actions.demo_removal import remove_demo

__all__ = ["DemoError", "remove_demo", "run_demo_step", "start_demo"]
